package import Connectors
package import Diagnostics
package import Documents

/// A source or a destination: which connector, and its config in the connector's own fields.
package struct ConnectorEntry: Sendable {
    package let name: String
    package let connector: ConnectorReference
    package let config: JSON
    package let location: SourceLocation

    init(_ member: YAMLNode.Member, role: String, directory: String) throws {
        var keys = try YAMLMapping(member.value, of: "the \(role) '\(member.key)'")
        name = member.key
        location = member.keyLocation
        connector = try Self.reference(try keys.required("connector"), of: "the \(role) '\(member.key)'", directory)
        config = try keys.required("config").json
        try keys.finish()
    }

    /// `postgres`, `{exec: [program, argument, ...]}` or `{image: name}`.
    private static func reference(_ node: YAMLNode, of subject: String, _ directory: String) throws -> ConnectorReference {
        if let name = node.string { return .builtIn(name, folder: directory) }
        guard node.members != nil else {
            throw DocumentError(
                .wrongType, "'connector' must be the name of a built-in connector, {exec: [...]} or {image: ...}",
                location: node.location)
        }
        var keys = try YAMLMapping(node, of: "'connector' of \(subject)")
        let words = try keys.strings("exec")
        let image = try keys.string("image")
        try keys.finish()
        switch (words, image) {
        case (let words?, nil) where !words.isEmpty: return .command(words, folder: directory)
        case (nil, let image?): return .image(image)
        default:
            throw DocumentError(
                .badValue, "'connector' of \(subject) must have exactly one of exec and image", location: node.location)
        }
    }
}
