import Crypto
import Foundation
import Records

extension HashMethod {
    /// Whether PostgreSQL has it as a function of its own.
    var isKnownToPostgres: Bool { self != .sha1 }

    /// Whether ``digest(_:)`` has it.
    var isKnownHere: Bool { self != .sha224 }

    /// The digest of a text, as hexadecimal digits; nil where it is not known here.
    func digest(_ value: UnsafeRawBufferPointer) -> [UInt8]? {
        let data = Data(value)
        return switch self {
        case .md5: Insecure.MD5.hash(data: data).lowercaseHex
        case .sha1: Insecure.SHA1.hash(data: data).lowercaseHex
        case .sha224: nil
        case .sha256: SHA256.hash(data: data).lowercaseHex
        case .sha384: SHA384.hash(data: data).lowercaseHex
        case .sha512: SHA512.hash(data: data).lowercaseHex
        }
    }
}
