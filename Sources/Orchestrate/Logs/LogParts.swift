import Foundation

/// The files of one attempt's log as they were at one moment, open, the oldest first.
struct LogParts: ~Copyable {
    private struct Part {
        let descriptor: Int32
        let id: UInt64
        let size: Int
    }

    private let parts: [Part]

    /// - Parameter path: the part that is written; the older ones are `PATH.1`, `PATH.2`, ...
    init(_ path: String) {
        var found: [Part] = []
        var number = 0
        // The newest first: one that is put aside meanwhile is met again under its new name, and none is missed.
        while true {
            let descriptor = open(number == 0 ? path : "\(path).\(number)", O_RDONLY | O_CLOEXEC)
            // While the log is put aside there is none of that name for a moment.
            guard descriptor >= 0 || number == 0 else { break }
            number += 1
            guard descriptor >= 0 else { continue }
            if let part = Self.part(descriptor), !found.contains(where: { $0.id == part.id }) {
                found.append(part)
            } else {
                close(descriptor)
            }
        }
        parts = found.reversed()
    }

    deinit { for part in parts { close(part.descriptor) } }

    var count: Int { parts.count }

    func id(_ index: Int) -> UInt64 { parts[index].id }

    func size(_ index: Int) -> Int { parts[index].size }

    func index(of id: UInt64) -> Int? { parts.firstIndex { $0.id == id } }

    func read(_ index: Int, from offset: Int, count: Int) -> [UInt8] {
        Self.read(parts[index].descriptor, from: offset, count: count)
    }

    /// How much of the first line tells one part from another.
    private static let headLength = 256

    /// nil for a file that has no line yet.
    private static func part(_ descriptor: Int32) -> Part? {
        let head = read(descriptor, from: 0, count: headLength)
        let end = head.firstIndex(of: 10)
        guard end != nil || head.count == headLength else { return nil }
        return Part(
            descriptor: descriptor, id: FNV1a.hash(head[..<(end ?? head.count)]), size: Int(lseek(descriptor, 0, SEEK_END)))
    }

    private static func read(_ descriptor: Int32, from offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                filled += got
            }
        }
    }
}

/// The 64 bits of Fowler, Noll and Vo, which keep short texts apart where nobody tries to make them meet.
enum FNV1a {
    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
