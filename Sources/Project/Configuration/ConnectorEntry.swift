package import Connectors
package import Diagnostics
package import Documents

/// A source or a destination: which connector, and its config in the connector's own fields.
package struct ConnectorEntry: Sendable {
    package let name: String
    package let connector: ConnectorReference
    package let config: JSON
    package let location: SourceLocation
    package let origin: EntryOrigin
    private let configNode: YAMLNode

    init(_ member: YAMLNode.Member, role: String, directory: String, origin: EntryOrigin = .file) throws {
        self.origin = origin
        var keys = try YAMLMapping(member.value, of: "the \(role) '\(member.key)'")
        name = member.key
        location = member.keyLocation
        connector = try Self.reference(try keys.required("connector"), of: "the \(role) '\(member.key)'", directory)
        configNode = try keys.required("config")
        config = configNode.json
        try keys.finish()
    }

    /// The place of a field of the config; of what is around it where that has none.
    private func location(of field: [String]) -> SourceLocation {
        var node = configNode
        for name in field {
            guard let member = node.members?.first(where: { $0.key == name }) else { break }
            node = member.value
        }
        return field.isEmpty ? location : node.location
    }

    /// What `body` makes of the config; its error gets the place in leat.yml that it is about.
    func located<Value>(_ body: () throws(ConnectorError) -> Value) throws(ConnectorError) -> Value {
        do {
            return try body()
        } catch {
            var placed = error
            if placed.location == nil, [.configuration, .unknownConnector, .unsupported].contains(placed.kind) {
                placed.location = location(of: placed.field)
            }
            throw placed
        }
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
        case (nil, let image?): return .image(image, folder: directory)
        default:
            throw DocumentError(
                .badValue, "'connector' of \(subject) must have exactly one of exec and image", location: node.location)
        }
    }
}
