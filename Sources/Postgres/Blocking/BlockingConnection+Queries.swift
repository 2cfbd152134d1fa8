import Clibpq

extension BlockingConnection {
    /// Runs one or several statements, separated by semicolons, and returns the result of the last.
    ///
    /// Several statements run in one transaction unless they control it themselves.
    /// - Throws: ``PostgresError``; nothing after the failed statement has run.
    @discardableResult
    package func execute(_ sql: String) throws(PostgresError) -> QueryResult {
        let raw = try ready(for: sql)
        return try finish(PQexec(raw, sql))
    }

    /// Runs one statement with parameters.
    ///
    /// - Throws: ``PostgresError``.
    package func query(_ sql: String, _ parameters: [Parameter] = []) throws(PostgresError) -> QueryResult {
        let raw = try ready(for: sql)
        var types: [UInt32] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        var offsets: [Int?] = []
        var bytes: [CChar] = []
        for (index, parameter) in parameters.enumerated() {
            offsets.append(parameter.value == .null ? nil : bytes.count)
            switch parameter.value {
            case .null: (types, lengths, formats) = (types + [0], lengths + [0], formats + [0])
            case .text(let text):
                guard !text.utf8.contains(0) else {
                    throw PostgresError(
                        .invalidInput, "parameter $\(index + 1) contains a zero byte, which no text in PostgreSQL may")
                }
                (types, lengths, formats) = (types + [0], lengths + [Int32(text.utf8.count)], formats + [0])
                bytes += text.utf8CString
            case .bytes(let data):
                (types, lengths, formats) = (types + [17], lengths + [Int32(data.count)], formats + [1])
                bytes += data.map { CChar(bitPattern: $0) } + [0]
            }
        }
        let result = bytes.withUnsafeBufferPointer { buffer in
            let values = offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } }
            return PQexecParams(raw, sql, Int32(parameters.count), types, values, lengths, formats, 0)
        }
        return try finish(result)
    }

    /// The open connection, if `sql` can be sent on it now.
    func ready(for sql: String) throws(PostgresError) -> OpaquePointer {
        let raw = try open()
        guard copyState == .none else {
            throw PostgresError(.busy, "a COPY is under way on this connection", hint: "end it first, or use another connection")
        }
        guard !sql.utf8.contains(0) else { throw PostgresError(.invalidInput, "the statement contains a zero byte") }
        return raw
    }

    /// Takes what libpq returned for a statement.
    func finish(_ result: OpaquePointer?) throws(PostgresError) -> QueryResult {
        guard let result else { throw failure() }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            return QueryResult(result)
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            let isInput = PQresultStatus(result) == PGRES_COPY_IN
            PQclear(result)
            copyState = isInput ? .in : .out
            abandonCopy(reason: "not expected")
            throw PostgresError(.invalidInput, "COPY from stdin or to stdout needs copyIn or copyOut")
        default:
            defer { PQclear(result) }
            var error = PostgresError(result: result)
            if !isUsable { error.kind = .connectionLost }
            throw error
        }
    }

    /// The error that libpq holds for the connection itself.
    func failure() -> PostgresError {
        guard let handle else { return PostgresError(.closed, "the connection to \(label) is closed") }
        let text = String(cString: PQerrorMessage(handle)).trimmed
        return PostgresError(
            PQstatus(handle) == CONNECTION_OK ? .invalidInput : .connectionLost,
            text.isEmpty ? "the connection to \(label) broke" : text)
    }
}
