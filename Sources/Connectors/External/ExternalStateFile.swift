import Documents
import Foundation
import Records

/// How far streams were written to an external destination, which keeps no states: a file below the project's `.leat`.
struct ExternalStateFile {
    private let path: String

    init(folder: String, connection: String) {
        let readable = connection.filter { $0.isLetter || $0.isNumber || "-_".contains($0) }
        path = "\(folder)/.leat/connectors/states_\(readable)_\(connection.hashedName).json"
    }

    private var content: JSON {
        FileManager.default.contents(atPath: path).flatMap { try? JSON(parsing: Array($0)) } ?? [:]
    }

    private static func key(_ stream: StreamDescriptor) -> String {
        JSON.array([stream.namespace.map { .string($0) } ?? .null, .string(stream.name)]).text()
    }

    /// What the last sync of the stream has left.
    func entry(_ stream: StreamDescriptor) -> JSON? { content["streams"]?[Self.key(stream)] }

    var lastSync: Int { content["sync_id"]?.int ?? 0 }

    /// Keeps what a sync has left: all of it or nothing.
    func save(_ entry: JSON, of stream: StreamDescriptor, syncID: Int) throws(ConnectorError) {
        var members = content.object ?? JSON.Members()
        var streams = members["streams"]?.object ?? JSON.Members()
        streams[Self.key(stream)] = entry
        members["streams"] = .object(streams)
        members["sync_id"] = .int(syncID)
        do {
            let folder = URL(filePath: path).deletingLastPathComponent().path
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let file = path + ".new"
            _ = FileManager.default.createFile(
                atPath: file, contents: Data(JSON.object(members).bytes()), attributes: [.posixPermissions: 0o600])
            guard rename(file, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw ConnectorError(
                .destination, "the state of \(stream) cannot be kept in \(path)", hint: "check the rights of the folder")
        }
    }

    /// Opens the file that a sync locks, so that no other of the connection runs; the lock ends with the process.
    /// - Returns: nil if another sync has it.
    func lock() -> Int32? {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 { return file }
        if file >= 0 { close(file) }
        return nil
    }
}
