import Crypto
import Foundation

/// The random secret that a logged-in browser holds in its cookie. The store knows only its hash.
struct SessionSecret: Sendable, Hashable {
    /// 256 bits in URL-safe base64.
    let text: String

    /// A new one.
    init() {
        text = SecretText.random(bytes: 32)
    }

    /// The one that a cookie holds.
    init(cookie: String) { text = cookie }

    var hash: String { SecretText.hash(text) }

    /// The token that forms of this session carry: who reads a page of ours has it, another site has not.
    var csrfToken: String {
        let key = SymmetricKey(data: Data(text.utf8))
        return SecretText.hex(HMAC<SHA256>.authenticationCode(for: Data("leat.csrf".utf8), using: key))
    }

    /// Compares in constant time.
    func accepts(csrfToken other: String) -> Bool { SecretText.areEqual(csrfToken, other) }
}
