import Foundation
import Synchronization

/// The manifest of the last invocation, in a file below target/.
///
/// It counts only while the project's ``ProjectFingerprint`` is the same; what does not fit, is cut off or was written by
/// another version is as good as nothing.
final class ManifestCache: Sendable {
    /// Counts up whenever what is stored changes.
    static let format = 4

    private static let magic = Array("LEAT-MANIFEST-2\n".utf8)
    private let path: String
    /// What the project is like now.
    let fingerprint: ProjectFingerprint.Digest
    /// Whether the file does not hold the manifest yet.
    let isStale = Atomic(false)

    init(folder: String, fingerprint: ProjectFingerprint.Digest) {
        path = folder + "/leat_manifest.bin"
        self.fingerprint = fingerprint
    }

    /// What the file holds.
    enum Content {
        case nothing
        /// The manifest of the project as it is.
        case current(Manifest)
        /// The manifest of a project of which only the texts of some models were others: their places among the models.
        case outdated(Manifest, changed: [Int])
    }

    /// The manifest, if the file holds it.
    func load() -> Manifest? { if case .current(let manifest) = read() { manifest } else { nil } }

    func read() -> Content {
        guard let bytes = try? ProjectFileSystem.bytes(of: path) else { return .nothing }
        let length = ProjectFingerprint.Digest.length
        let headSize = Self.magic.count + 2 * length + 16
        let wholePlace = Self.magic.count..<(Self.magic.count + length)
        let basePlace = wholePlace.upperBound..<(wholePlace.upperBound + length)
        guard bytes.count > headSize, bytes.starts(with: Self.magic), bytes[basePlace].elementsEqual(fingerprint.base)
        else { return .nothing }
        return bytes.withUnsafeBytes { buffer in
            let body = UnsafeRawBufferPointer(rebasing: buffer[headSize...])
            let sum = buffer.loadUnaligned(fromByteOffset: headSize - 8, as: UInt64.self)
            let size = Int(clamping: buffer.loadUnaligned(fromByteOffset: headSize - 16, as: UInt64.self))
            guard sum == Self.checksum(of: body), size <= body.count,
                let changed = fingerprint.changed(from: UnsafeRawBufferPointer(rebasing: body[..<size])),
                changed.isEmpty == bytes[wholePlace].elementsEqual(fingerprint.whole),
                let manifest = try? ManifestCoder.manifest(from: UnsafeRawBufferPointer(rebasing: body[size...]))
            else { return .nothing }
            return changed.isEmpty ? .current(manifest) : .outdated(manifest, changed: changed)
        }
    }

    /// Keeps a manifest; where that fails, the next invocation reads the project again.
    func store(_ manifest: Manifest) {
        isStale.store(false, ordering: .relaxed)
        let body = fingerprint.models + ManifestCoder.bytes(of: manifest)
        var head = Self.magic + fingerprint.whole + fingerprint.base
        for number in [UInt64(fingerprint.models.count), body.withUnsafeBytes { Self.checksum(of: $0) }] {
            withUnsafeBytes(of: number) { head += $0 }
        }
        try? ProjectFileSystem.write([head, body], to: path)
    }

    /// Tells a damaged file from a whole one, eight bytes at a time.
    private static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            sum = (sum ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            sum ^= sum >> 29
            offset += 8
        }
        while offset < bytes.count {
            sum = (sum ^ UInt64(bytes[offset])) &* 0x0000_0100_0000_01B3
            offset += 1
        }
        return sum
    }

    // MARK: manifest.json

    /// Says which manifest.json belongs to the fingerprint: its size and time, and the length of its beginning, which names
    /// the invocation.
    private func stamp(of manifest: String, head: Int) -> String? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: manifest),
            let date = attributes[.modificationDate] as? Date, let size = attributes[.size] as? Int
        else { return nil }
        let key = fingerprint.whole.map { String($0, radix: 16) }.joined(separator: ".")
        return "\(key) \(size) \(head) \(date.timeIntervalSince1970)"
    }

    /// Where manifest.json already says all this, only its beginning is written anew.
    ///
    /// - Returns: whether that was so.
    func refresh(_ manifest: String, head: [UInt8]) -> Bool {
        guard let stored = try? String(contentsOfFile: path + ".stamp", encoding: .utf8),
            let current = stamp(of: manifest, head: head.count),
            stored == current, let handle = FileHandle(forUpdatingAtPath: manifest)
        else { return false }
        do {
            try handle.write(contentsOf: Data(head))
            try handle.close()
        } catch { return false }
        mark(manifest, head: head)
        return true
    }

    /// Remembers that manifest.json was just written for this fingerprint.
    func mark(_ manifest: String, head: [UInt8]) {
        guard let stamp = stamp(of: manifest, head: head.count) else { return }
        try? stamp.write(toFile: path + ".stamp", atomically: false, encoding: .utf8)
    }
}
