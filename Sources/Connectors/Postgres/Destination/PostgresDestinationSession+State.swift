import Postgres
import Records

extension PostgresDestinationSession {
    /// Where a stream goes on, and what becomes of the rows that are there.
    ///
    /// - Parameter columns: what the table would have if it were made now.
    /// - Throws: ``ConnectorError`` where rows cannot be added to the table as it is.
    func state(
        for request: WriteRequest, target: TargetTable?, columns: [TargetTable.Column]
    ) throws(ConnectorError) -> StreamState {
        let entry: StreamStateStore.Entry?
        do {
            entry = try states.entry(connection: request.connection, stream: request.stream)
        } catch {
            throw ConnectorError(.destination, while: "reading the state of \(request.stream)", error)
        }
        let next = (entry?.generation ?? 0) + 1
        guard let target, !request.mode.replacesTable, request.refresh != .truncate else {
            return StreamState(generation: next)
        }
        let retyped = Self.retyped(target, columns)
        if !request.mode.isIncremental {
            if let column = retyped.first { throw Self.cannotAdd(column, request) }
            let generation = request.refresh == .merge ? next : entry?.generation ?? next
            return StreamState(generation: generation, isAdding: true)
        }
        guard let entry, entry.table == target.name else { return StreamState(generation: next) }
        if let change = Self.changeOfCursor(request, entry) {
            // Rows that came at some time may not be in the source any more.
            guard request.mode.isDeduplicated else { throw Self.cannotGoOn(change, request) }
            if let key = entry.schema?.primaryKey, Set(key) == Set(request.primaryKey), retyped.isEmpty {
                return StreamState(generation: next, note: "read from the start, because \(change)", isAdding: true)
            }
        }
        if let reason = try reasonToStartOver(request, entry, retyped) {
            return StreamState(generation: next, note: "read from the start, because \(reason): the table was replaced")
        }
        if request.refresh == .merge { return StreamState(generation: next, isAdding: true) }
        if request.backfillsColumns, request.mode.isDeduplicated, let fresh = Self.fresh(target, columns) {
            return StreamState(
                generation: next, note: "read from the start, to fill the new column\(fresh) in all rows", isAdding: true)
        }
        if request.hasSourceState {
            return entry.sourceState.map { StreamState(generation: entry.generation, sourceState: $0, isAdding: true) }
                ?? StreamState(generation: next)
        }
        return StreamState(generation: entry.generation, cursor: entry.cursor, isAdding: entry.cursor != nil)
    }

    /// What keeps an incremental sync from going on where it was.
    private func reasonToStartOver(
        _ request: WriteRequest, _ entry: StreamStateStore.Entry, _ retyped: [Retyping]
    ) throws(ConnectorError) -> String? {
        if request.mode.isDeduplicated {
            if let key = entry.schema?.primaryKey, Set(key) != Set(request.primaryKey) {
                return key.isEmpty ? "the primary key is new" : "the primary key was \(key.joined(separator: ", "))"
            }
            return retyped.first.map { "the column '\($0.name)' was \($0.from) and is \($0.to) now" }
        }
        // Rows that were added at some time may not be in the source any more.
        if let column = retyped.first { throw Self.cannotAdd(column, request) }
        return nil
    }

    private static func changeOfCursor(_ request: WriteRequest, _ entry: StreamStateStore.Entry) -> String? {
        guard !request.hasSourceState, entry.cursorField != request.cursorField else { return nil }
        return "the cursor field \(entry.cursorField.map { "was '\($0)'" } ?? "is new")"
    }

    private typealias Retyping = (name: String, from: String, to: String)

    /// The columns that cannot become what they are in the source now without a look at the source.
    private static func retyped(_ target: TargetTable, _ columns: [TargetTable.Column]) -> [Retyping] {
        columns.compactMap { column in
            guard let old = target.columns.first(where: { $0.name == column.name }), old.type != column.type,
                !TypeWidening.keepsValues(from: old.type, to: column.type),
                // A type of an extension stands with its schema in one and may stand without it in the other.
                !column.type.hasSuffix(".\(old.type)")
            else { return nil }
            return (column.name, old.type, column.type)
        }
    }

    /// For a sentence after "column"; nil where none is new.
    private static func fresh(_ target: TargetTable, _ columns: [TargetTable.Column]) -> String? {
        let names = columns.map(\.name).filter { name in !target.columns.contains { $0.name == name } }
        return names.isEmpty ? nil : "\(names.count == 1 ? "" : "s") \(names.joined(separator: ", "))"
    }

    private static func cannotGoOn(_ change: String, _ request: WriteRequest) -> ConnectorError {
        ConnectorError(
            .conflict, "\(request.table) cannot be gone on with: \(change)",
            hint:
                "what is read from the start would be there twice: leat sync \(request.connection) --refresh --stream "
                + "\(request.stream.name) empties the table first, --refresh-merge keeps the rows that are there")
    }

    private static func cannotAdd(_ column: Retyping, _ request: WriteRequest) -> ConnectorError {
        ConnectorError(
            .conflict, "the column '\(column.name)' of \(request.table) is \(column.from), and \(column.to) in the source now",
            hint:
                "the rows that are there cannot be kept: leat sync \(request.connection) --refresh --stream \(request.stream.name) reads all anew"
        )
    }
}
