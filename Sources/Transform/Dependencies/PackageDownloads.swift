import Foundation
import Synchronization

/// What was loaded of packages in one invocation, so that choosing and installing load it once. Gone with the value.
final class PackageDownloads: Sendable {
    let folder: String
    private let known = Mutex<[String: String]>([:])

    init() {
        folder = FileManager.default.temporaryDirectory.path + "/leat-packages-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The folder of a repository's clone.
    func clone(of url: String) throws -> String {
        try loaded(url) { place in _ = try CommandRunner.run(["git", "clone", "--quiet", url, place]) }
    }

    /// The folder in an archive, unpacked.
    func unpacked(_ url: String, from hub: PackageHub) throws -> String {
        let place = try loaded(url) { place in
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let archive = try hub.download(url)
            defer { try? FileManager.default.removeItem(atPath: archive) }
            _ = try CommandRunner.run(["tar", "-xzf", archive, "-C", place])
        }
        let entries = try FileManager.default.contentsOfDirectory(atPath: place).filter { !$0.hasPrefix(".") }.sorted()
        guard let first = entries.first else { throw TransformError(.project, "the archive at \(url) is empty") }
        return place + "/" + first
    }

    private func loaded(_ url: String, _ load: (String) throws -> Void) throws -> String {
        if let place = known.withLock({ $0[url] }) { return place }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let place = folder + "/" + UUID().uuidString
        try load(place)
        known.withLock { $0[url] = place }
        return place
    }
}
