import Crypto
import CryptoExtras
import Foundation
import Records

/// Encrypts values as Airbyte's mapper does: hexadecimal digits of the initialization vector and the encrypted text of AES, or of the
/// encrypted text of RSA.
///
/// Where Airbyte draws the vector of AES, ours is made from the key and the value (HMAC-SHA256), so that equal values become equal
/// texts: keys remain keys, and a row that is read twice is known to be the same. Whoever has the key reads both in the same way.
struct ValueCipher {
    private enum Kind {
        case aes(SymmetricKey, Encryption.Mode, Encryption.Padding)
        case rsa(_RSA.Encryption.PublicKey)
    }
    private let kind: Kind
    private static let blockSize = 16

    init(_ encryption: Encryption) throws(ConnectorError) {
        switch encryption.algorithm {
        case .aes(let key, let mode, let padding): kind = .aes(SymmetricKey(data: key), mode, padding)
        case .rsa(let bytes):
            do {
                kind = .rsa(try _RSA.Encryption.PublicKey(derRepresentation: bytes))
            } catch {
                throw ConnectorError(
                    .configuration, "the public key of a mapping is no RSA key of 2048 bits or more",
                    hint: "openssl pkey -in private.pem -pubout makes the PEM that is wanted")
            }
        }
    }

    /// - Returns: nil where the algorithm does not take a value of this length.
    func encrypted(_ value: UnsafeRawBufferPointer) -> [UInt8]? {
        let bytes = Array(value)
        do {
            switch kind {
            case .rsa(let key): return try key.encrypt(bytes, padding: ._WEAK_AND_INSECURE_PKCS_V1_5).lowercaseHex
            case .aes(let key, let mode, let padding):
                let text = padding == .pkcs5 ? Self.padded(bytes) : bytes
                guard mode.isAnyLength || text.count % Self.blockSize == 0 else { return nil }
                let seed = Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
                return try Self.aes(text, key, mode, seed).lowercaseHex
            }
        } catch {
            return nil
        }
    }

    /// As PKCS#7: as many bytes as are missing, each that number.
    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        let missing = blockSize - bytes.count % blockSize
        return bytes + repeatElement(UInt8(missing), count: missing)
    }

    private static func aes(
        _ text: [UInt8], _ key: SymmetricKey, _ mode: Encryption.Mode, _ seed: [UInt8]
    ) throws -> [UInt8] {
        let vector = Array(seed.prefix(mode == .gcm ? 12 : blockSize))
        switch mode {
        case .cbc: return try vector + AES._CBC.encrypt(text, using: key, iv: AES._CBC.IV(ivBytes: vector), noPadding: true)
        case .cfb: return try vector + AES._CFB.encrypt(text, using: key, iv: AES._CFB.IV(ivBytes: vector))
        case .ctr: return try vector + AES._CTR.encrypt(text, using: key, nonce: AES._CTR.Nonce(nonceBytes: vector))
        case .gcm:
            let box = try AES.GCM.seal(text, using: key, nonce: AES.GCM.Nonce(data: vector))
            return vector + box.ciphertext + box.tag
        case .ofb:
            var block = vector
            var output = text
            for place in output.indices {
                if place % blockSize == 0 { try AES.permute(&block, key: key) }
                output[place] ^= block[place % blockSize]
            }
            return vector + output
        case .ecb:
            // Equal blocks look equal: it is here because Airbyte has it.
            var output: [UInt8] = []
            for start in stride(from: 0, to: text.count, by: blockSize) {
                var block = Array(text[start..<(start + blockSize)])
                try AES.permute(&block, key: key)
                output += block
            }
            return output
        }
    }
}

extension Encryption.Mode {
    fileprivate var isAnyLength: Bool { self != .cbc && self != .ecb }
}

extension Sequence where Element == UInt8 {
    /// As text.
    var lowercaseHex: [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
