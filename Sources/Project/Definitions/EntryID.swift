import Crypto
package import Foundation

/// Ids of entries that have only a name.
package enum EntryID {
    /// The same for the same name, always and everywhere.
    ///
    /// Format: UUID version 5 (RFC 9562) of `KIND/NAME` in a namespace of Leat's own.
    package static func of(_ kind: String, _ name: String) -> UUID { version5("\(kind)/\(name)", in: namespace) }

    /// The URL namespace's id of `https://leat.dev/entries`.
    private static let namespace = version5(
        "https://leat.dev/entries",
        in: UUID(uuid: (0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8)))

    private static func version5(_ name: String, in space: UUID) -> UUID {
        var hash = Insecure.SHA1()
        withUnsafeBytes(of: space.uuid) { hash.update(bufferPointer: $0) }
        hash.update(data: Array(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

extension UUID {
    /// In small letters, as programs expect it.
    package var text: String { uuidString.lowercased() }
}
