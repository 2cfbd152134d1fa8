extension PostgresError {
    /// The error of an attempt to connect that failed because of TLS; nil if it was something else.
    ///
    /// libpq's words, which are English as long as nobody sets a locale, are all that there is to go by.
    static func tls(connecting options: ConnectionOptions, lines: [String]) -> PostgresError? {
        func line(_ parts: String...) -> String? {
            lines.first { line in parts.contains { line.contains($0) } }
        }
        func error(_ message: String, _ hint: String) -> PostgresError {
            var error = PostgresError(.tls, "cannot connect to PostgreSQL as \(options): \(message)", hint: hint)
            error.detail = lines.joined(separator: "\n")
            return error
        }
        let authority = "ca_certificate (sslrootcert) must hold the certificate of the authority that signed the server's"
        if line("does not support SSL") != nil {
            return error(
                "the server speaks no TLS, and ssl_mode \(options.sslMode.rawValue) wants it",
                "switch it on in the server (ssl = on), or use ssl_mode prefer or disable where the network can be trusted")
        }
        if let line = line("does not match host name") {
            return error(
                line.afterPrefix("connection to server"),
                "use the host name that the certificate was made for, or ssl_mode verify-ca, which does not compare names")
        }
        if line("root certificate file") != nil {
            return error("the certificate of the authority cannot be read", authority)
        }
        if line("certificate verify failed") != nil {
            return error("the server's certificate is not to be trusted", authority + ", and neither may have expired")
        }
        if line("private key file", "private key from") != nil {
            return error(
                "the client's key cannot be used",
                "client_key (sslkey) must be the key of client_certificate; a file must be readable for its owner only; "
                    + "client_key_password must be its password, if it has one")
        }
        if line("read certificate file", "could not load client certificate") != nil {
            return error("the client's certificate cannot be read", "client_certificate (sslcert) must hold it as PEM")
        }
        if let line = line("alert certificate expired", "alert unknown ca", "alert bad certificate", "alert certificate") {
            return error(
                line.contains("expired") ? "the client's certificate has expired" : "the server refuses the client's certificate",
                "client_certificate (sslcert) must be valid, and signed by an authority that the server trusts")
        }
        guard line("SSL error", "SSL SYSCALL error") != nil else { return nil }
        return error("TLS failed", "is ssl_mode right, and can both sides agree on a version of TLS?")
    }
}

extension String {
    /// libpq begins with the server, which the message has already.
    fileprivate func afterPrefix(_ prefix: String) -> String {
        guard hasPrefix(prefix), let range = firstRange(of: "failed: ") else { return self }
        return String(self[range.upperBound...])
    }
}
