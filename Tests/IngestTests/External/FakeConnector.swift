import Connectors
import Documents
import Foundation
import Ingest
import Records

/// A connector that says what a test tells it to say: a shell script.
struct FakeConnector {
    let folder: URL
    var path: String { folder.appending(path: "source-fake").path }

    /// - Parameters:
    ///   - catalog: the streams that `discover` offers.
    ///   - read: shell commands for `read`; `$config`, `$catalog` and `$state` are the files that were handed over.
    init(catalog: JSON, read: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "leat-fake-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let message: JSON = ["type": "CATALOG", "catalog": ["streams": catalog]]
        try Data(message.bytes()).write(to: folder.appending(path: "catalog.json"))
        try setRead(read)
    }

    /// What `spec` answers; nothing before.
    func setSpec(_ schema: JSON) throws {
        let message: JSON = ["type": "SPEC", "spec": ["connectionSpecification": schema]]
        try Data(message.bytes()).write(to: folder.appending(path: "spec.json"))
    }

    func setRead(_ read: String) throws {
        let script = """
            #!/bin/sh
            here='\(folder.path)'
            command=$1; shift
            while [ $# -gt 0 ]; do case $1 in --config) config=$2 ;; --catalog) catalog=$2 ;; --state) state=$2 ;; esac; shift 2; done
            case $command in
              check) grep -q good "$config" && status=SUCCEEDED || status=FAILED
                echo '{"type":"CONNECTION_STATUS","connectionStatus":{"status":"'$status'","message":"looked at it"}}' ;;
              spec) echo asked >> "$here/seen-spec"; [ ! -e "$here/spec.json" ] || cat "$here/spec.json"; echo ;;
              discover) cat "$here/catalog.json"; echo ;;
              read) cp "$catalog" "$here/seen-catalog"; rm -f "$here/seen-state"; [ -z "$state" ] || cp "$state" "$here/seen-state"
                cp "$config" "$here/seen-config"; ls -l "$config" > "$here/seen-rights"; echo "$config $catalog $state" > "$here/seen-files"
            \(read)
              ;;
            esac
            """
        try Data(script.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// What the connector was handed.
    func seen(_ name: String) throws -> String { try String(contentsOf: folder.appending(path: "seen-\(name)"), encoding: .utf8) }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    static func record(_ data: String, stream: String = "things") -> String {
        "printf '%s\\n' '" + #"{"type":"RECORD","record":{"stream":"\#(stream)","emitted_at":1.5,"data":\#(data)}}"# + "'"
    }

    static func state(_ value: String) -> String {
        "echo '"
            + #"{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"things"},"stream_state":\#(value)},"sourceStats":{"recordCount":1.0}}}"#
            + "'"
    }
}

extension SyncFixture {
    /// A connection that reads from a program.
    func definition(
        exec words: [String], config: JSON, name: String = "fake", folder: String = "/tmp", _ streams: [ConfiguredStream]
    ) -> ConnectionDefinition {
        var definition = definition(streams)
        definition.source = ConnectorDefinition(name: name, connector: .command(words, folder: folder), config: config)
        return definition
    }
}
