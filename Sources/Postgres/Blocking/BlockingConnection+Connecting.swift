import Clibpq

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension BlockingConnection {
    /// libpq's steps of connecting under a deadline of our own: its `connect_timeout` counts per address and in seconds.
    static func connect(
        _ options: ConnectionOptions, notices: NoticeSink, isCancelled: () -> Bool
    ) throws(PostgresError) -> OpaquePointer {
        let deadline = ContinuousClock.now + options.connectTimeout
        let raw = try start(options.keywords)
        PQsetErrorVerbosity(raw, PQERRORS_VERBOSE)
        notices.attach(to: raw)
        do {
            try finishConnecting(raw, options: options, deadline: deadline, isCancelled: isCancelled)
        } catch {
            PQfinish(raw)
            throw error
        }
        PQsetErrorVerbosity(raw, PQERRORS_DEFAULT)
        return raw
    }

    static func start(_ keywords: [String: String]) throws(PostgresError) -> OpaquePointer {
        for (keyword, value) in keywords where value.utf8.contains(0) {
            throw PostgresError(.invalidInput, "the connection option '\(keyword)' contains a zero byte")
        }
        let pairs = keywords.sorted { $0.key < $1.key }
        let names = pairs.map { strdup($0.key) } + [nil]
        let values = pairs.map { strdup($0.value) } + [nil]
        defer { for text in names + values { free(text) } }
        // 0: `dbname` is a name, never a connection string.
        let raw = PQconnectStartParams(names.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 0)
        guard let raw else { throw PostgresError(.connectFailed, "out of memory") }
        return raw
    }

    private static func finishConnecting(
        _ raw: OpaquePointer, options: ConnectionOptions, deadline: ContinuousClock.Instant, isCancelled: () -> Bool
    ) throws(PostgresError) {
        var failed: PostgresError {
            var error = PostgresError(connecting: options, text: String(cString: PQerrorMessage(raw)))
            if error.kind == .tls, error.message.hasSuffix("not to be trusted"), ServerCertificate.isOutOfDate(options) {
                error.message =
                    "cannot connect to PostgreSQL as \(options): the server's certificate has expired, or is not valid yet"
                error.hint = "renew it, and see that the clocks of both machines are right"
            }
            return error
        }
        guard PQstatus(raw) != CONNECTION_BAD else { throw failed }
        var wanted = PGRES_POLLING_WRITING
        while true {
            try wait(
                for: PQsocket(raw), toRead: wanted == PGRES_POLLING_READING, options: options, deadline: deadline,
                isCancelled: isCancelled)
            wanted = PQconnectPoll(raw)
            switch wanted {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_FAILED: throw failed
            default: continue
            }
        }
    }

    private static func wait(
        for socket: Int32, toRead: Bool, options: ConnectionOptions, deadline: ContinuousClock.Instant, isCancelled: () -> Bool
    ) throws(PostgresError) {
        while true {
            if isCancelled() { throw PostgresError(.connectFailed, "connecting to \(options) was cancelled") }
            let left = deadline - ContinuousClock.now
            guard left > .zero else {
                throw PostgresError(
                    .connectTimeout, "no answer from PostgreSQL at \(options) within \(options.connectTimeout)",
                    hint: "is the host reachable, and does a firewall let port \(options.port) through?")
            }
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            var entry = pollfd(fd: socket, events: Int16(toRead ? POLLIN : POLLOUT), revents: 0)
            if poll(&entry, 1, Int32(min(100, milliseconds + 1))) > 0 { return }
        }
    }
}
