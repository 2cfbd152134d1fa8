import Clibpq

extension BlockingConnection {
    func beginCopy(_ sql: String, expecting status: ExecStatusType) throws(PostgresError) {
        let raw = try ready(for: sql)
        guard let result = PQexec(raw, sql) else { throw failure() }
        guard PQresultStatus(result) != status else { return PQclear(result) }
        _ = try finish(result)
        throw PostgresError(
            .invalidInput,
            status == PGRES_COPY_IN
                ? "not a COPY ... FROM STDIN: the statement takes no data"
                : "not a COPY ... TO STDOUT: the statement sends no data")
    }

    /// Reads all results up to the end of the statement; the last failure wins.
    func lastResult() throws(PostgresError) -> QueryResult {
        let raw = try open()
        var last: QueryResult?
        var failure: PostgresError?
        while let result = PQgetResult(raw) {
            do {
                last = try finish(result)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard let last else { throw self.failure() }
        return last
    }

    /// Ends a COPY that nobody wants any more: the server undoes a COPY in, and is told to stop a COPY out.
    ///
    /// - Parameter cancel: asks the server to stop; may return before it has.
    func abandonCopy(reason: String, cancel: (() -> Void)? = nil) {
        defer { copyState = .none }
        guard let handle else { return }
        // A COPY in has made it so.
        defer { PQsetnonblocking(handle, 0) }
        switch copyState {
        case .none: return
        case .in: _ = PQputCopyEnd(handle, reason)
        case .out:
            if let cancel { cancel() } else { cancelHandle.cancel() }
            var message: UnsafeMutablePointer<CChar>?
            while PQgetCopyData(handle, &message, 0) > 0 { PQfreemem(message) }
        }
        while let result = PQgetResult(handle) {
            let status = PQresultStatus(result)
            PQclear(result)
            // The connection broke in the middle: libpq would answer the same for ever.
            if status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH { break }
        }
    }
}
