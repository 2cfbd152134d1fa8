package import Diagnostics
package import Documents

/// A source or a destination: which connector, and its config in the connector's own fields.
package struct ConnectorEntry: Sendable {
    package let name: String
    /// The name of a built-in connector.
    package let connector: String
    package let config: JSON
    package let location: SourceLocation

    init(_ member: YAMLNode.Member, role: String) throws {
        var keys = try YAMLMapping(member.value, of: "the \(role) '\(member.key)'")
        name = member.key
        location = member.keyLocation
        let connector = try keys.required("connector")
        guard let builtIn = connector.string else {
            throw DocumentError(
                .wrongType, "'connector' must be the name of a built-in connector", location: connector.location)
        }
        self.connector = builtIn
        config = try keys.required("config").json
        try keys.finish()
    }
}
