package import Diagnostics
import Documents

/// A private PostgreSQL server that `leat up` starts for development: one entry under `services:`.
package struct ServiceEntry: Sendable {
    package let name: String
    package let port: Int
    package let database: String
    package let user: String
    package let password: String
    /// SQL scripts, relative to the project.
    package let initScripts: [String]
    /// Server settings beyond Leat's own, as in postgresql.conf.
    package let settings: [String: String]
    package let location: SourceLocation
    private let server: YAMLNode

    init(_ member: YAMLNode.Member) throws {
        var outer = try YAMLMapping(member.value, of: "the service '\(member.key)'")
        server = try outer.required("postgres")
        try outer.finish()
        var keys = try YAMLMapping(server, of: "the service '\(member.key)'")
        name = member.key
        location = member.keyLocation
        guard let port = try keys.int("port") else {
            throw DocumentError(.missingKey, "the service '\(name)' needs the key 'port'", location: server.location)
        }
        guard (1...65535).contains(port) else {
            throw DocumentError(
                .badValue, "\(port) is no port", location: server["port"]?.location, hint: "a port is from 1 to 65535")
        }
        self.port = port
        database = try keys.string("database") ?? name
        user = try keys.string("user") ?? database
        password = try keys.string("password") ?? user
        initScripts = try keys.strings("init") ?? []
        var settings: [String: String] = [:]
        for setting in try keys.members("settings") { settings[setting.key] = setting.value.scalarText }
        self.settings = settings
        try keys.finish()
    }

    /// Where the value of `key` stands, or the service where that is left out.
    func location(of key: String) -> SourceLocation { server[key]?.location ?? location }

    /// Where an entry of `init` stands.
    func location(ofScript index: Int) -> SourceLocation {
        server["init"]?.items?.dropFirst(index).first?.location ?? location(of: "init")
    }
}
