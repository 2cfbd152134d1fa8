import Documents
import Postgres
import Records

/// The command `write` of the Postgres destination.
///
/// A state goes back to the platform once all records before it are durable. Interrupted refreshes go on where they were.
struct DestinationProgram {
    private let destination: PostgresDestination
    private let writer: MessageWriter
    private let options: SessionOptions
    private let catalog: ConfiguredCatalog

    /// A stream is written when so many bytes of it have come, or all are when their sum is four times that.
    private static let batchSize = 8 << 20

    init(_ destination: PostgresDestination, writer: MessageWriter, options: SessionOptions, catalog: ConfiguredCatalog) {
        self.destination = destination
        self.writer = writer
        self.options = options
        self.catalog = catalog
    }

    /// Takes messages until there are no more.
    /// - Throws: ``ConnectorError`` if something cannot be written, or a stream did not come to its end.
    func run(_ input: Int32) throws {
        let connection = try destination.endpoint.connect(options, as: "destination")
        defer { connection.close() }
        let tables = try open(connection)
        var lines = LineBuffer(input)
        while !lines.hasEnded {
            try lines.fill { try take(ConnectorLine($0), $0, tables) }
            if options.isCancelled() { throw ConnectorError(.destination, "stopped", failureType: .transient) }
        }
        for table in tables.values { try table.finish() }
        let unfinished = catalog.streams.map(\.descriptor).filter { tables[$0]?.status != .complete }
        guard unfinished.isEmpty else {
            throw ConnectorError(
                .source, "the source did not say of \(unfinished.map(\.description).joined(separator: ", ")) that it is complete",
                hint: "what came is kept; the next sync goes on from the last state", failureType: .transient)
        }
    }

    private func open(_ connection: BlockingConnection) throws(ConnectorError) -> [StreamDescriptor: AirbyteTableWriter] {
        let mapper = try PostgresTypeMapper(streams: [], connection: connection)
        var tables: [StreamDescriptor: AirbyteTableWriter] = [:]
        let schemas = Set(
            catalog.streams.map { destination.rawSchema ?? $0.descriptor.namespace ?? destination.defaultNamespace })
        for schema in schemas.sorted() {
            do {
                try connection.createSchemaIfMissing(schema)
            } catch {
                throw ConnectorError(.destination, while: "making the schema \(schema)", error)
            }
        }
        for stream in catalog.streams {
            let table = try AirbyteTableWriter(
                stream, columns: stream.discovered.fields.map(mapper.column), destination: destination, connection: connection)
            guard tables.updateValue(table, forKey: stream.descriptor) == nil else {
                throw ConnectorError(.configuration, "the catalog names the stream \(stream.descriptor) twice")
            }
            try table.begin()
        }
        return tables
    }

    private func take(_ line: ConnectorLine, _ bytes: [UInt8], _ tables: [StreamDescriptor: AirbyteTableWriter]) throws {
        if let record = line.record {
            let name = StreamDescriptor(namespace: record.namespace, name: record.stream)
            guard let table = tables[name] else {
                throw ConnectorError(
                    .source, "a record came of the stream \(name), which is not in the catalog", failureType: .system)
            }
            try table.append(line, record)
            if table.pendingBytes >= Self.batchSize { try table.flush() }
            return
        }
        try line.checkIsWhole()
        guard let message = line.message else { return }
        switch message["type"]?.string {
        case "STATE":
            try takeState(message["state"] ?? .null, line, tables)
        case "TRACE":
            guard let status = message["trace"]?["stream_status"] else { return }
            let stream = Self.descriptor(status["stream_descriptor"])
            guard let table = stream.flatMap({ tables[$0] }) else { return }
            table.status = status["status"]?.string.flatMap(AirbyteMessage.StreamStatus.init) ?? table.status
        default: break
        }
    }

    private static func descriptor(_ json: JSON?) -> StreamDescriptor? {
        json?["name"]?.string.map { StreamDescriptor(namespace: json?["namespace"]?.string, name: $0) }
    }

    /// Makes what the state speaks of durable, and says so by sending it back as it came, with the number of records.
    private func takeState(_ state: JSON, _ line: ConnectorLine, _ tables: [StreamDescriptor: AirbyteTableWriter]) throws {
        let one = Self.descriptor(state["stream"]?["stream_descriptor"]).flatMap { tables[$0] }
        let concerned = state["type"] == "STREAM" ? one.map { [$0] } ?? [] : Array(tables.values)
        for table in concerned { try table.flush() }
        let count = concerned.reduce(0) { $0 + $1.takeCount() }
        let scanner = line.scanner
        guard let body = scanner.members(of: 0..<scanner.bytes.count)?.first(where: { $0.key == "state" })?.value else { return }
        let own = Array("\"destinationStats\":{\"recordCount\":\(count).0},".utf8)
        try writer.line { (output) throws(ConnectorError) in
            output += scanner.bytes[..<(body.lowerBound + 1)]
            output += own
            output += scanner.bytes[(body.lowerBound + 1)...]
        }
        try writer.flush()
    }
}
