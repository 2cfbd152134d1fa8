import Postgres
import Records

extension PostgresDestinationSession {
    func forecast(_ request: WriteRequest) throws(ConnectorError) -> WriteForecast {
        var request = adapted(request)
        if isRaw { request.columns = RawTable.columns }
        let target = try TargetTable.find(request.table, on: connection)
        let facts = try facts(request)
        guard let target else {
            var forecast = WriteForecast(publication: .created)
            forecast.createsSchema = facts.isNewSchema
            return forecast
        }
        let columns = isRaw ? [] : request.columns.map { TargetTable.Column(name: $0.name, type: $0.type) }
        let state =
            facts.hasStates ? try state(for: request, target: target, columns: columns) : StreamState(generation: 1)
        do {
            return try forecast(request, target, state)
        } catch {
            throw ConnectorError(.destination, while: "looking at \(request.table)", error)
        }
    }

    /// The tables for states are made by the first sync, as is the schema.
    private func facts(_ request: WriteRequest) throws(ConnectorError) -> (isNewSchema: Bool, hasStates: Bool) {
        do {
            let schema = [Parameter.string(request.table.schema)]
            let isNew = try connection.query("select 1 from pg_namespace where nspname = $1", schema).isEmpty
            return (isNew, try states.exists())
        } catch {
            throw ConnectorError(.destination, while: "looking at \(request.table)", error)
        }
    }

    private func forecast(
        _ request: WriteRequest, _ target: TargetTable, _ state: StreamState
    ) throws(PostgresError) -> WriteForecast {
        var forecast = WriteForecast(publication: request.mode.isDeduplicated ? .merged : .appended)
        forecast.cursor = state.cursor
        forecast.note = state.note
        compare(request.columns, target, &forecast)
        forecast.attachments = try target.attachments(on: connection)
        guard !state.isAdding else { return forecast }
        let isSame = forecast.addedColumns.isEmpty && forecast.removedColumns.isEmpty && forecast.retyped.isEmpty
        let isBig = try target.size(on: connection) > Publisher.refillLimit
        if forecast.attachments.isEmpty, !isSame || isBig {
            forecast.publication = .swapped
        } else {
            forecast.publication = isSame ? .refilled : .rebuilt
        }
        return forecast
    }

    private func compare(_ columns: [ColumnMapping], _ target: TargetTable, _ forecast: inout WriteForecast) {
        let old = Dictionary(target.columns.map { ($0.name, $0.type) }) { first, _ in first }
        let names = Set(columns.map(\.name))
        for column in columns {
            guard let type = old[column.name] else {
                forecast.addedColumns.append(column.name)
                continue
            }
            // A type of an extension stands with its schema in one and may stand without it in the other.
            if type != column.type, !column.type.hasSuffix(".\(type)") {
                forecast.retyped.append(.init(column: column.name, from: type, to: column.type))
            }
        }
        forecast.removedColumns = target.columns.map(\.name).filter { !names.contains($0) && !MetaColumn.names.contains($0) }
    }
}
