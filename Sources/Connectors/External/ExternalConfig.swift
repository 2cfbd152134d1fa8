import Documents
import Foundation

/// The config of an external connector: that of leat.yml, or the one that the connector has sent in its place (a rotated
/// token), which is kept in a file that only this user can read, until leat.yml says something else.
struct ExternalConfig: Sendable {
    let name: String
    /// The project's folder.
    let folder: String
    let given: JSON

    private var path: String { file("json") }

    /// A file of the connector, of this ending.
    func file(_ ending: String) -> String {
        let readable = name.filter { $0.isLetter || $0.isNumber || "-_".contains($0) }
        return "\(folder)/.leat/connectors/\(readable)_\(name.hashedName).\(ending)"
    }

    /// What to hand to the connector.
    var current: JSON {
        guard let data = FileManager.default.contents(atPath: path), let kept = try? JSON(parsing: Array(data)),
            kept["given"] == given, let config = kept["config"]
        else { return given }
        return config
    }

    /// Keeps a config that the connector has sent.
    func keep(_ config: JSON) throws(ConnectorError) {
        let kept: JSON = ["given": given, "config": config]
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/.leat/connectors", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let file = path + ".new"
            _ = FileManager.default.createFile(atPath: file, contents: Data(kept.bytes()), attributes: [.posixPermissions: 0o600])
            guard rename(file, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw ConnectorError(
                .process, "the config that '\(name)' has renewed cannot be kept in \(path)",
                hint: "check the rights of the folder")
        }
    }
}
