import Documents
import Records

/// Reads files as streams: CSV and JSON Lines, from this machine or a web server.
package struct FileSource: Source {
    package static let spec: ConnectorSpec = {
        var spec = ConnectorSpec(
            name: "file", role: .source, title: "File",
            aliases: ["source-file", "airbyte/source-file", "file-source", "csv", "files"], fields: FileSettings.fields)
        spec.hasOwnState = true
        return spec
    }()

    let settings: FileSettings

    /// - Parameter folder: where relative paths begin.
    package init(_ configuration: Configuration, folder: String?) throws(ConnectorError) {
        settings = try FileSettings(configuration, folder: folder)
    }

    package func openSession(_ options: SessionOptions) throws(ConnectorError) -> any SourceSession {
        FileSourceSession(settings, options)
    }
}

extension FileSource {
    /// What the stream of the files at a place is called unless its config says otherwise.
    package static func streamName(of url: String) -> String {
        (try? FileLocation(url, folder: nil)).map(FileSettings.streamName) ?? url
    }
}
