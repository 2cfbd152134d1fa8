import Crypto
import CryptoExtras
import Dispatch
import Foundation

/// A password as it is kept: scrypt (RFC 7914) with a salt, in the PHC string format
/// `$scrypt$ln=15,r=8,p=1$salt$hash`.
///
/// One hash takes 32 MB for a tenth of a second, so hashes are made one at a time, on a thread of their own.
struct PasswordHash: Sendable, Hashable {
    /// The PHC string.
    let text: String

    private static let queue = DispatchQueue(label: "leat.passwords", qos: .userInitiated)
    /// The cost of new hashes: the logarithm of scrypt's N.
    static let standardCost = 15
    private static let blockSize = 8
    private static let keyLength = 32

    /// A hash that is kept.
    init(text: String) { self.text = text }

    /// Hashes `password` with a new salt.
    static func make(_ password: String, cost: Int = standardCost) async throws -> PasswordHash {
        let salt = Array(Data(SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }))
        let key = try await derive(password, salt: salt, cost: cost)
        return PasswordHash(text: "$scrypt$ln=\(cost),r=\(blockSize),p=1$\(encode(salt))$\(encode(key))")
    }

    /// Whether `password` is the one that was hashed. A hash that cannot be read accepts nothing.
    func accepts(_ password: String) async throws -> Bool {
        let parts = text.split(separator: "$").map(String.init)
        guard parts.count == 4, parts[0] == "scrypt",
            let cost = parts[1].split(separator: ",").first?.split(separator: "=").last.flatMap({ Int($0) }),
            (10...20).contains(cost), let salt = Self.decode(parts[2]), let expected = Self.decode(parts[3])
        else { return false }
        let key = try await Self.derive(password, salt: salt, cost: cost)
        return SecretText.areEqual(SecretText.hex(key), SecretText.hex(expected))
    }

    private static func derive(_ password: String, salt: [UInt8], cost: Int) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        try KDF.Scrypt.deriveKey(
                            from: Data(password.utf8), salt: Data(salt), outputByteCount: keyLength, rounds: 1 << cost,
                            blockSize: blockSize, parallelism: 1
                        ).withUnsafeBytes { Array($0) }
                    })
            }
        }
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func decode(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)).map { Array($0) }
    }
}
