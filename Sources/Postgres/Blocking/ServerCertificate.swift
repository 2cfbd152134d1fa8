import Clibpq

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A look at a server's certificate, for saying why it is not trusted: libpq tells all reasons by the same words.
///
/// OpenSSL is asked, which libpq has brought into the process; where it has another library, nothing is known.
enum ServerCertificate {
    private typealias Get = @convention(c) (OpaquePointer?) -> OpaquePointer?
    private typealias Compare = @convention(c) (OpaquePointer?) -> Int32
    private typealias Release = @convention(c) (OpaquePointer?) -> Void

    /// Whether it has expired, or is not valid yet. Connects without trusting it, and goes before saying a password.
    static func isOutOfDate(_ options: ConnectionOptions) -> Bool {
        var options = options
        options.sslMode = .require
        for keyword in ["sslrootcert", "sslcrl", "sslcert", "sslkey", "sslpassword"] { options.parameters[keyword] = "" }
        options.password = nil
        guard let raw = try? BlockingConnection.start(options.keywords) else { return false }
        defer { PQfinish(raw) }
        let deadline = ContinuousClock.now + options.connectTimeout
        var wanted = PGRES_POLLING_WRITING
        // The certificate is there before the server is told who wants to come in.
        while [CONNECTION_STARTED, CONNECTION_MADE, CONNECTION_SSL_STARTUP].contains(PQstatus(raw)),
            ContinuousClock.now < deadline
        {
            var entry = pollfd(
                fd: PQsocket(raw), events: Int16(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
            if poll(&entry, 1, 100) <= 0 { continue }
            wanted = PQconnectPoll(raw)
            if let session = PQgetssl(raw), let isOutOfDate = isOutOfDate(OpaquePointer(session)) { return isOutOfDate }
        }
        return false
    }

    /// - Returns: nil as long as there is no certificate.
    private static func isOutOfDate(_ session: OpaquePointer) -> Bool? {
        guard let get: Get = symbol("SSL_get1_peer_certificate", "SSL_get_peer_certificate"),
            let begin: Get = symbol("X509_get0_notBefore"), let end: Get = symbol("X509_get0_notAfter"),
            let compare: Compare = symbol("X509_cmp_current_time"), let release: Release = symbol("X509_free")
        else { return false }
        guard let certificate = get(session) else { return nil }
        defer { release(certificate) }
        return compare(end(certificate)) < 0 || compare(begin(certificate)) > 0
    }

    private static func symbol<T>(_ names: String...) -> T? {
        for name in names {
            if let found = dlsym(nil, name) { return unsafeBitCast(found, to: T.self) }
        }
        return nil
    }
}
