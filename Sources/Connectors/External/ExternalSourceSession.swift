import Documents
import Records

/// A session with an external source: a process for each question.
final class ExternalSourceSession: SourceSession {
    let source: ExternalSource
    let options: SessionOptions
    private let conversation: ExternalConversation
    var finalState: JSON?
    var changedValues = 0
    var isExternal: Bool { true }

    init(_ source: ExternalSource, _ options: SessionOptions) {
        self.source = source
        self.options = options
        conversation = ExternalConversation(source.connector, options)
    }

    var interrupt: Interrupt { conversation.interrupt }

    var databaseIdentity: String? { nil }

    func check() throws(ConnectorError) -> CheckReport { try conversation.check() }

    func discover(only: [StreamDescriptor]?) throws(ConnectorError) -> Catalog {
        var found: JSON?
        try conversation.converse(["discover"]) { message in if message["type"] == "CATALOG" { found = message["catalog"] } }
        guard let found else { throw conversation.silent("discover", "CATALOG") }
        let catalog = AirbyteCatalog.catalog(from: found)
        guard let only else { return catalog }
        return Catalog(
            streams: catalog.streams.filter { stream in
                only.contains { $0.name == stream.descriptor.name && ($0.namespace == nil || $0 == stream.descriptor) }
            })
    }

    /// Airbyte's sources have no instant at which all is read; each stream is read when its turn comes.
    func beginSnapshot(isShared: Bool) throws(ConnectorError) -> SourceSnapshot {
        SourceSnapshot(id: nil, takenAt: PostgresSourceSession.now())
    }

    func join(_ snapshot: SourceSnapshot) throws(ConnectorError) {}

    func close() { conversation.close() }

    func run(
        _ words: [String], files: [(option: String, content: JSON)], _ body: (inout ConnectorLine) throws -> Bool
    ) throws { try conversation.run(words, files: files, body) }
}
