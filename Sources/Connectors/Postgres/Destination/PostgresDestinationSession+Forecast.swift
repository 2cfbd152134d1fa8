import Postgres
import Records

extension PostgresDestinationSession {
    func forecast(_ request: WriteRequest) throws(ConnectorError) -> WriteForecast {
        let target = try TargetTable.find(request.table, on: connection)
        do {
            let isNew = try connection.query("select 1 from pg_namespace where nspname = $1", [.string(request.table.schema)])
            let state = try forecastState(request, target)
            guard let target else {
                var forecast = WriteForecast(publication: .created)
                forecast.createsSchema = isNew.isEmpty
                return forecast
            }
            return try forecast(request, target, state)
        } catch {
            throw ConnectorError(.destination, while: "looking at \(request.table)", error)
        }
    }

    /// The state as `begin` would find it; the tables for states may not be there yet.
    private func forecastState(_ request: WriteRequest, _ target: TargetTable?) throws(PostgresError) -> StreamState {
        guard try states.exists() else { return StreamState(generation: 1) }
        return try state(for: request, target: target)
    }

    private func forecast(
        _ request: WriteRequest, _ target: TargetTable, _ state: StreamState
    ) throws(PostgresError) -> WriteForecast {
        let isAdded =
            !request.mode.replacesTable && state.note == nil
            && (state.cursor != nil || state.sourceState != nil || !request.mode.isIncremental)
        var forecast = WriteForecast(publication: request.mode.isDeduplicated ? .merged : .appended)
        forecast.cursor = state.cursor
        forecast.note = state.note
        compare(request.columns, target, &forecast)
        forecast.attachments = try target.attachments(on: connection)
        guard !isAdded else { return forecast }
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
