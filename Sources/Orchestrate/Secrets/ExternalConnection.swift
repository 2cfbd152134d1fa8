package import Documents
import Foundation

/// Where something outside is reached, and as whom: a connection in Airflow's sense, with Airflow's fields.
package struct ExternalConnection: Sendable, Hashable {
    package var id: String
    /// Airflow's `conn_type`: `postgres`, `http`, ...
    package var type: String
    package var description: String?
    package var host: String?
    package var schema: String?
    package var login: String?
    /// Kept encrypted, and hidden.
    package var password: String?
    package var port: Int?
    /// Kept encrypted, and hidden. An object, or a text that is none.
    package var extra: JSON?

    package init(
        id: String, type: String = "generic", description: String? = nil, host: String? = nil, schema: String? = nil,
        login: String? = nil, password: String? = nil, port: Int? = nil, extra: JSON? = nil
    ) {
        self.id = id
        self.type = type
        self.description = description
        self.host = host
        self.schema = schema
        self.login = login
        self.password = password
        self.port = port
        self.extra = extra
    }
}

extension ExternalConnection {
    /// Reads what `AIRFLOW_CONN_ID` may hold: a URI, or an object as JSON.
    /// - Throws: `OrchestrateError` with code `connection.bad_value`; it does not hold the text, which has the password in it.
    package init(id: String, parsing text: String) throws(OrchestrateError) {
        if text.first == "{" {
            guard let object = try? JSON(parsing: text) else {
                throw OrchestrateError(.badConnection, "the connection '\(id)' is not JSON", hint: Self.hint)
            }
            try self.init(id: id, json: object)
        } else {
            try self.init(id: id, uri: text)
        }
    }

    /// Reads Airflow's object: `conn_type`, `host`, `login`, `password`, `schema`, `port`, `extra`, `description`.
    package init(id: String, json: JSON) throws(OrchestrateError) {
        guard let members = json.object else {
            throw OrchestrateError(.badConnection, "the connection '\(id)' is not an object", hint: Self.hint)
        }
        let known = ["conn_id", "conn_type", "type", "description", "host", "schema", "login", "password", "port", "extra"]
        if let unknown = members.keys.first(where: { !known.contains($0) }) {
            throw OrchestrateError(
                .badConnection, "the connection '\(id)' has no field '\(unknown)'",
                hint: "it may have: \(known.joined(separator: ", "))")
        }
        func text(_ key: String) throws(OrchestrateError) -> String? {
            guard let value = members[key], !value.isNull else { return nil }
            guard let text = value.string else {
                throw OrchestrateError(.badConnection, "'\(key)' of the connection '\(id)' must be a text")
            }
            return text
        }
        let port = members["port"].flatMap { $0.int ?? $0.string.flatMap { Int($0) } }
        if let value = members["port"], !value.isNull, port == nil {
            throw OrchestrateError(.badConnection, "'port' of the connection '\(id)' must be a number")
        }
        let types = (try text("conn_type"), try text("type"))
        self.init(
            id: id, type: types.0 ?? types.1 ?? "generic", description: try text("description"),
            host: try text("host"), schema: try text("schema"), login: try text("login"), password: try text("password"),
            port: port, extra: members["extra"].flatMap(Self.extra))
    }

    /// Reads `type://login:password@host:port/schema?key=value`, each part percent-encoded, as Airflow does.
    package init(id: String, uri: String) throws(OrchestrateError) {
        func failure(_ what: String) -> OrchestrateError {
            OrchestrateError(.badConnection, "the connection '\(id)' \(what)", hint: Self.hint)
        }
        guard let mark = uri.firstRange(of: "://"), mark.lowerBound > uri.startIndex else { throw failure("is not a URI") }
        self.init(id: id, type: String(uri[..<mark.lowerBound]).replacing("-", with: "_"))
        if type == "postgresql" { type = "postgres" }
        var rest = uri[mark.upperBound...]
        if let question = rest.firstIndex(of: "?") {
            var members = JSON.Members()
            for pair in rest[rest.index(after: question)...].split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                members[Self.decoded(parts[0])] = .string(parts.count > 1 ? Self.decoded(parts[1]) : "")
            }
            // Airflow puts what is no list of texts into one member.
            extra = members["__extra__"]?.string.flatMap { Self.extra(.string($0)) } ?? .object(members)
            rest = rest[..<question]
        }
        if let slash = rest.firstIndex(of: "/") {
            let name = rest[rest.index(after: slash)...]
            if !name.isEmpty { schema = Self.decoded(name) }
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if !parts[0].isEmpty { login = Self.decoded(parts[0]) }
            if parts.count > 1 { password = Self.decoded(parts[1]) }
            rest = rest[rest.index(after: at)...]
        }
        // An address of IPv6 has colons of its own, in brackets.
        let colon = rest.last == "]" ? nil : rest.lastIndex(of: ":")
        if let colon {
            guard let number = Int(rest[rest.index(after: colon)...]) else { throw failure("has a port that is no number") }
            port = number
            rest = rest[..<colon]
        }
        if !rest.isEmpty { host = Self.decoded(rest) }
    }

    /// As Airflow's `get_uri` writes it.
    package var uri: String {
        var text = type.replacing("_", with: "-") + "://"
        if let login { text += Self.encoded(login) }
        if let password { text += ":" + Self.encoded(password) }
        if login != nil || password != nil { text += "@" }
        if let host { text += Self.encoded(host) }
        if let port { text += ":\(port)" }
        if host != nil || port != nil || schema != nil { text += "/" }
        if let schema { text += Self.encoded(schema) }
        guard let extra else { return text }
        let members = extra.object?.entries ?? []
        if extra.object != nil, members.allSatisfy({ $0.value.string != nil }) {
            return text + "?"
                + members.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value.string ?? ""))" }.joined(separator: "&")
        }
        return text + "?__extra__=" + Self.encoded(extra.string ?? extra.text())
    }

    /// Airflow's object, without what is nil. Password and extra are in it.
    package var json: JSON {
        var members = JSON.Members([("conn_type", .string(type))])
        for (key, value) in [
            ("description", description), ("host", host), ("login", login), ("password", password), ("schema", schema),
        ] {
            if let value { members.append(key, .string(value)) }
        }
        if let port { members.append("port", .int(port)) }
        if let extra { members.append("extra", extra) }
        return .object(members)
    }

    /// An object is written as such, or as a text that holds one.
    package static func extra(_ value: JSON) -> JSON? {
        switch value {
        case .null, .string(""): nil
        case .string(let text): (try? JSON(parsing: text)).flatMap { $0.object == nil ? nil : $0 } ?? value
        default: value
        }
    }

    private static let hint = "a URI such as postgres://user:password@host:5432/database, or an object as JSON"

    private static func decoded(_ text: Substring) -> String { text.removingPercentEncoding ?? String(text) }

    private static func encoded(_ text: String) -> String { PercentEncoding.encoded(text) }
}

/// Percent-encoding of URIs, RFC 3986: all but letters, digits and `-._~` is written as the bytes of its UTF-8.
package enum PercentEncoding {
    package static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
