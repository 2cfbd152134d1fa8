import Crypto
import Documents

/// The fingerprint of a file, by which dbt's `state:modified` knows that it changed.
package struct Checksum: Sendable, Hashable {
    package var name: String
    package var value: String

    /// What nodes without a file of their own have.
    package static let none = Checksum(name: "none", value: "")

    /// SHA-256 of a file's text.
    package static func sha256(of text: String) -> Checksum {
        Checksum(name: "sha256", value: hex(SHA256.hash(data: Array(text.utf8))))
    }

    /// SHA-256 of a file's text with every run of white space as one space, so that laying it out anew changes nothing.
    static func normalized(_ text: String) -> Checksum {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var isInSpace = true
        for byte in text.utf8 {
            if byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte) {
                isInSpace = true
            } else {
                if isInSpace, !bytes.isEmpty { bytes.append(0x20) }
                isInSpace = false
                bytes.append(byte)
            }
        }
        return Checksum(name: "sha256", value: hex(SHA256.hash(data: bytes)))
    }

    /// MD5 as 32 hexadecimal digits, dbt's digest for names (`local_md5`).
    package static func md5(_ text: String) -> String { md5(Array(text.utf8)) }

    static func md5(_ bytes: [UInt8]) -> String { hex(Insecure.MD5.hash(data: bytes)) }

    /// SHA-1 as 40 hexadecimal digits, dbt's digest of package lists.
    static func sha1(_ text: String) -> String { hex(Insecure.SHA1.hash(data: Array(text.utf8))) }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    var json: JSON { ["name": .string(name), "checksum": .string(value)] }
}
