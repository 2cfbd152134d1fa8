import Clibpq

/// One field of an error or notice; the letters are those of the protocol ("Error and Notice Message Fields").
func errorField(_ result: OpaquePointer, _ letter: Unicode.Scalar) -> String? {
    PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension PostgresError {
    /// The error of a failed result.
    init(result: OpaquePointer) {
        let text = errorField(result, "M") ?? String(cString: PQresultErrorMessage(result)).trimmed
        self.init(.server, text.isEmpty ? "the statement failed" : text)
        hint = errorField(result, "H")
        sqlState = errorField(result, "C").map(SQLState.init(rawValue:))
        severity = errorField(result, "V") ?? errorField(result, "S")
        detail = errorField(result, "D")
        context = errorField(result, "W")
        position = errorField(result, "P").flatMap { Int($0) }
        internalPosition = errorField(result, "p").flatMap { Int($0) }
        internalQuery = errorField(result, "q")
        schemaName = errorField(result, "s")
        tableName = errorField(result, "t")
        columnName = errorField(result, "c")
        constraintName = errorField(result, "n")
        // libpq makes results of its own when the connection breaks; those have no SQLSTATE.
        if sqlState == nil { kind = .connectionLost }
    }

    /// The error of an attempt to connect, from libpq's text (in verbose form, which alone has the SQLSTATE).
    init(connecting options: ConnectionOptions, text: String) {
        let lines = text.split(separator: "\n").map { String($0).trimmed }
            .filter { !$0.isEmpty && !$0.hasPrefix("LOCATION:") }
        if let error = Self.tls(connecting: options, lines: lines), !lines.contains(where: { Self.refusal($0) != nil }) {
            self = error
            return
        }
        self.init(.connectFailed, "cannot connect to PostgreSQL as \(options)")
        guard let refusal = lines.lazy.compactMap(Self.refusal).first else {
            detail = lines.joined(separator: "\n")
            hint = "is a server running there, and are host and port right? `leat up` starts the services of leat.yml"
            return
        }
        message += ": \(refusal.message)"
        sqlState = refusal.sqlState
        severity = "FATAL"
        hint = lines.first { $0.hasPrefix("HINT:") }.map { String($0.dropFirst(5)).trimmed }
        detail = lines.first { $0.hasPrefix("DETAIL:") }.map { String($0.dropFirst(7)).trimmed }
        guard hint == nil else { return }
        if refusal.message.contains("valid client certificate") {
            hint = "ssl_mode needs client_certificate and client_key (sslcert, sslkey), and TLS must be on"
        } else if refusal.message.contains("no encryption") {
            hint = "the server may want TLS: set ssl_mode to require, or better to verify-full"
        }
    }

    /// `...: FATAL:  28P01: password authentication failed` in parts. The word FATAL may be translated.
    private static func refusal(_ line: String) -> (sqlState: SQLState, message: String)? {
        let parts = line.split(separator: ":  ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let code = parts[1].prefix(5)
        let isCode = code.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        }
        guard code.count == 5, isCode, parts[1].dropFirst(5).hasPrefix(": ") else { return nil }
        return (SQLState(rawValue: String(code)), String(parts[1].dropFirst(7)))
    }
}
