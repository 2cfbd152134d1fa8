package import Diagnostics
import Documents
package import Orchestrate

/// A source, a destination, and the streams that go from one to the other: one entry under `connections:`.
package struct ConnectionEntry: Sendable {
    package struct Stream: Sendable {
        package let name: String
        package let namespace: String?
        /// One of Airbyte's names, such as `full_refresh_overwrite`.
        package let syncMode: String
        package let cursorField: String?
        package let primaryKey: [String]
        package let location: SourceLocation
    }

    package let name: String
    package let source: String
    package let destination: String
    /// `source`, `destination` or `custom_format`.
    package let namespaceDefinition: String
    package let namespaceFormat: String?
    package let prefix: String
    package let schemaChanges: String
    package let schedule: Schedule
    package let streams: [Stream]
    package let location: SourceLocation
    let sourceLocation: SourceLocation
    let destinationLocation: SourceLocation

    init(_ member: YAMLNode.Member) throws {
        let subject = "the connection '\(member.key)'"
        var keys = try YAMLMapping(member.value, of: subject)
        name = member.key
        location = member.keyLocation
        let sourceNode = try keys.required("source")
        let destinationNode = try keys.required("destination")
        source = sourceNode.scalarText
        destination = destinationNode.scalarText
        sourceLocation = sourceNode.location
        destinationLocation = destinationNode.location
        namespaceDefinition = try Self.choice(
            keys.optional("namespace_definition"), of: ["source", "destination", "custom_format"],
            otherwise: "destination")
        namespaceFormat = try keys.string("namespace_format")
        prefix = try keys.string("prefix") ?? ""
        schemaChanges = try Self.choice(
            keys.optional("non_breaking_schema_updates_behavior"), of: ["propagate_columns"],
            otherwise: "propagate_columns")
        schedule = try keys.optional("schedule").map { try Schedule($0, of: subject) } ?? .manual
        let streamsNode = try keys.required("streams")
        guard let items = streamsNode.items, !items.isEmpty else {
            throw DocumentError(.wrongType, "\(subject) needs a list of streams", location: streamsNode.location)
        }
        streams = try items.map { try Self.stream($0, of: subject) }
        try keys.finish()
        if namespaceDefinition == "custom_format", namespaceFormat == nil {
            throw DocumentError(
                .missingKey, "\(subject) has namespace_definition custom_format but no namespace_format",
                location: location, hint: "add namespace_format, the schema that the tables go to")
        }
    }

    private static func stream(_ node: YAMLNode, of subject: String) throws -> Stream {
        var keys = try YAMLMapping(node, of: "a stream of \(subject)")
        let stream = Stream(
            name: try keys.required("name").scalarText,
            namespace: try keys.string("namespace"),
            syncMode: try keys.string("sync_mode") ?? "full_refresh_overwrite",
            cursorField: try keys.string("cursor_field"),
            primaryKey: try keys.strings("primary_key") ?? [],
            location: node.location)
        try keys.finish()
        return stream
    }

    private static func choice(_ node: YAMLNode?, of choices: [String], otherwise: String) throws -> String {
        guard let node else { return otherwise }
        guard choices.contains(node.scalarText) else {
            throw DocumentError(
                .badValue, "'\(node.scalarText)' is not one of: \(choices.joined(separator: ", "))",
                location: node.location, hint: Suggestion.hint(for: node.scalarText, in: choices))
        }
        return node.scalarText
    }
}
