import Foundation

/// What a service remembers of its init scripts, in `service.json` of its folder.
struct ScriptRecord: Codable, Equatable {
    /// A file as it was: size and time tell cheaply that nothing has changed.
    struct Stamp: Codable, Equatable {
        var path: String
        var size: Int
        /// Nanoseconds since 1970.
        var modified: Int

        init(_ path: String, project: String) {
            self.path = path
            var status = stat()
            let exists = stat(InitScript.path(path, in: project), &status) == 0
            size = exists ? Int(status.st_size) : -1
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            modified = exists ? Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec) : 0
        }
    }

    /// A version of a script with its files.
    struct Version: Codable, Equatable {
        /// SHA-256 over script and files.
        var fingerprint: String
        var stamps: [Stamp]
    }

    struct Entry: Codable, Equatable {
        /// The version that has run.
        var done: Version?
        /// A version whose transaction was about to be committed when this was written.
        var pending: Version?
        /// The number of that transaction, which the server can be asked about.
        var transaction: Int?
    }

    /// By database and path.
    var scripts: [String: Entry] = [:]

    static func load(_ path: String) -> ScriptRecord {
        guard let data = FileManager.default.contents(atPath: path) else { return ScriptRecord() }
        return (try? JSONDecoder().decode(ScriptRecord.self, from: data)) ?? ScriptRecord()
    }

    func save(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try FileSystem.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path, mode: 0o644)
    }
}
