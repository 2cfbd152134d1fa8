import Foundation

/// The folders of the logs of runs. Everything here blocks.
struct LogFolders: Sendable {
    let directory: String

    /// How many bytes the logs of these runs have.
    func size(of runs: [RunID]) -> Int { runs.reduce(0) { $0 + size(AttemptLog.directory(of: $1, in: directory)) } }

    /// Removes the logs of these runs, and says how many bytes they had. What cannot be removed stays.
    func remove(_ runs: [RunID]) -> Int {
        let bytes = runs.reduce(0) { $0 + remove(AttemptLog.directory(of: $1, in: directory)) }
        for pipeline in Set(runs.map(\.pipeline)) {
            // Only where it is empty.
            rmdir(AttemptLog.directory(of: RunID(pipeline: pipeline, name: "x"), in: directory).deletingLastComponent)
        }
        return bytes
    }

    /// Removes logs of runs that are not recorded any more and that nobody has written to since `moment`.
    func removeStrays(except runs: [RunID], before moment: Timestamp) -> Int {
        let known = Set(runs.map { AttemptLog.directory(of: $0, in: directory) })
        var bytes = 0
        for pipeline in names(in: directory) {
            for run in names(in: "\(directory)/\(pipeline)") {
                let path = "\(directory)/\(pipeline)/\(run)"
                guard !known.contains(path), let changed = lastChange(path), changed < moment else { continue }
                bytes += remove(path)
            }
            rmdir("\(directory)/\(pipeline)")
        }
        return bytes
    }

    private func names(in path: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    private func remove(_ path: String) -> Int {
        let bytes = size(path)
        do {
            try FileManager.default.removeItem(atPath: path)
            return bytes
        } catch {
            return 0
        }
    }

    private func size(_ path: String) -> Int {
        guard let files = FileManager.default.enumerator(atPath: path) else { return 0 }
        var bytes = 0
        while files.nextObject() != nil {
            if files.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                bytes += (files.fileAttributes?[.size] as? NSNumber)?.intValue ?? 0
            }
        }
        return bytes
    }

    private func lastChange(_ path: String) -> Timestamp? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.modificationDate] as? Date).map { Timestamp(microseconds: Int64($0.timeIntervalSince1970 * 1e6)) }
    }
}

extension String {
    fileprivate var deletingLastComponent: String { (self as NSString).deletingLastPathComponent }
}
