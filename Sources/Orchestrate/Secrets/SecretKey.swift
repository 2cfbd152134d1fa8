import Crypto
import Foundation

/// A key that values are encrypted with where they are kept: 256 bits, for AES-GCM.
///
/// Its description is its id, never the key.
package struct SecretKey: Sendable, CustomStringConvertible {
    /// The beginning of a hash of the key: what it is called in stored values, in errors and in the audit log.
    package let id: String
    let key: SymmetricKey

    private init(_ key: SymmetricKey) {
        self.key = key
        var hash = SHA256()
        hash.update(data: Data("leat key id".utf8))
        key.withUnsafeBytes { hash.update(bufferPointer: $0) }
        id = hash.finalize().prefix(4).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// A new key from the system's random numbers.
    package static func random() -> SecretKey { SecretKey(SymmetricKey(size: .bits256)) }

    /// Reads 32 bytes in base64, the ordinary or the URL-safe one.
    /// - Throws: `OrchestrateError` with code `secret.bad_key`; it does not hold the text.
    /// - Parameter place: what to call the place that the text is from.
    package init(_ text: String, from place: String) throws(OrchestrateError) {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), data.count == 32 else {
            throw OrchestrateError(
                .badKey, "a key in \(place) is not 32 bytes in base64", hint: "`leat secrets key` makes one")
        }
        self.init(SymmetricKey(data: data))
    }

    /// The key in URL-safe base64.
    package var text: String {
        key.withUnsafeBytes { Data($0) }.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }

    package var description: String { "key \(id)" }
}
