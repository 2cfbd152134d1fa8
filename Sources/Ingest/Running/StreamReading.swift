import Connectors
import Documents
import Records

/// Reads a stream, and does on the way what the source does not do itself.
struct StreamReading {
    private let source: any SourceSession
    private let request: ReadRequest
    private var mapper: TupleMapper?
    private var mappedBytes = 0

    /// - Throws: ``ConnectorError`` where a mapping cannot be.
    init(_ source: any SourceSession, _ request: ReadRequest) throws(ConnectorError) {
        self.source = source
        self.request = request
        guard Self.isMapped(source, request.columns, request.filter) else { return }
        mapper = try TupleMapper(
            request.columns, filter: request.filter, isExternal: source.isExternal, hasChanges: source.sendsChanges,
            stream: request.stream.descriptor)
    }

    /// Whether values are changed, or rows left out, between the two sides.
    static func isMapped(_ source: any SourceSession, _ columns: [ColumnMapping], _ filter: RowFilter?) -> Bool {
        TupleMapper.isNeeded(columns, filter: filter, isExternal: source.isExternal)
    }

    /// Whether what is handed over ends with a field for changes.
    static func sendsChanges(_ source: any SourceSession, _ columns: [ColumnMapping], _ filter: RowFilter?) -> Bool {
        source.sendsChanges || isMapped(source, columns, filter)
    }

    /// Hands over pieces of COPY BINARY.
    /// - Parameters:
    ///   - look: called after each piece of the source with its size.
    ///   - checkpoint: called with a state of the source's, once all that came before it has been handed over.
    mutating func run(
        _ append: (UnsafeRawBufferPointer) throws -> Void, look: (Int) throws -> Void,
        checkpoint: (JSON) throws -> Void = { _ in }
    ) throws {
        guard var mapper else {
            return try source.read(request) { bytes in
                try append(bytes)
                try look(bytes.count)
            } checkpoint: {
                try checkpoint($0)
            }
        }
        var mappedBytes = 0
        func hand(_ bytes: UnsafeRawBufferPointer) throws {
            mappedBytes += bytes.count
            try append(bytes)
        }
        try source.read(request) { bytes in
            try mapper.append(bytes, hand)
            try look(bytes.count)
        } checkpoint: { state in
            try mapper.flush(hand)
            try checkpoint(state)
        }
        self.mapper = mapper
        self.mappedBytes = mappedBytes
    }

    /// The rows that were left out on purpose.
    var filteredRows: Int { mapper?.filteredRows ?? 0 }
    /// The values that are not what the source has.
    var changedValues: Int { source.changedValues + (mapper?.changedValues ?? 0) }
    /// What was handed over; nil where that is what the source gave.
    var emittedBytes: Int? { mapper == nil ? nil : mappedBytes }
}
