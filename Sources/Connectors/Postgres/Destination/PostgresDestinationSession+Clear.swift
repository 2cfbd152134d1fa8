import Postgres
import Records

extension PostgresDestinationSession {
    func recordedSchemas(connection name: String) throws(ConnectorError) -> [StreamDescriptor: StreamSchema] {
        do {
            return try states.exists() ? try states.schemas(connection: name) : [:]
        } catch {
            throw stateFailure(error)
        }
    }

    func clear(_ request: WriteRequest) throws(ConnectorError) -> Int {
        let target = try TargetTable.find(request.table, on: connection)
        do {
            try connection.execute("begin")
        } catch {
            throw ConnectorError(.destination, while: "clearing \(request.table)", error)
        }
        try AdvisoryLock("table", "\(request.table)", label: "table \(request.table)", scope: .transaction)
            .take(on: connection, wait: request.lockWait)
        try dropParts(of: request)
        do {
            // Not `truncate`: readers with an older snapshot go on to see what they saw.
            var rows = 0
            if let target { rows = try connection.execute("delete from \(target.quoted)").affectedRows }
            let generation = try states.entry(connection: request.connection, stream: request.stream)?.generation ?? 0
            try states.save(request, generation: generation + 1, cursor: nil, sourceState: nil, rows: 0)
            try connection.execute("commit")
            return rows
        } catch {
            throw ConnectorError(.destination, while: "clearing \(request.table)", error)
        }
    }
}
