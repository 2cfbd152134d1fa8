package import Diagnostics
import Documents
package import Ingest
package import Orchestrate
package import Records

/// A source, a destination, and the streams that go from one to the other: one entry under `connections:`.
package struct ConnectionEntry: Sendable {
    package struct Stream: Sendable {
        package let name: String
        package let namespace: String?
        /// One of Airbyte's names, such as `full_refresh_overwrite`.
        package let syncMode: String
        package let cursorField: String?
        package let primaryKey: [String]
        /// As written: `15m`, `1000`.
        package let lookBack: String?
        package let selectedFields: [String]?
        package let mappings: [StreamMapping]
        package let location: SourceLocation
    }

    package let name: String
    package let source: String
    package let destination: String
    /// `source`, `destination` or `custom_format`.
    package let namespaceDefinition: String
    package let namespaceFormat: String?
    package let prefix: String
    /// `propagate_columns`, `propagate_fully`, `ignore`, `disable_connection`, or another name for one of them.
    package let schemaChanges: String
    package let backfillsColumns: Bool
    package let parallelStreams: Int
    /// `never`, `progress` or `always`.
    package let retries: String
    /// Bytes; nil moves every stream whole.
    package let partSize: Int?
    /// How both sides are compared after each sync; nil for not at all.
    package let verification: VerifyOptions?
    package let schedule: Schedule
    /// The changes of data that begin a sync.
    package let data: DataCondition?
    package let streams: [Stream]
    package let location: SourceLocation
    package let origin: EntryOrigin
    let sourceLocation: SourceLocation
    let destinationLocation: SourceLocation

    init(_ member: YAMLNode.Member, calendars: [String: ExclusionCalendar] = [:], origin: EntryOrigin = .file) throws {
        let subject = "the connection '\(member.key)'"
        self.origin = origin
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
            keys.optional("non_breaking_schema_updates_behavior"), of: SchemaPolicy.names,
            otherwise: "propagate_columns")
        backfillsColumns = try keys.bool("backfill_new_columns") ?? false
        parallelStreams = try Self.count(keys.optional("parallel_streams")) ?? 4
        retries = try Self.choice(
            keys.optional("retries"), of: RetryRule.allCases.map(\.rawValue), otherwise: RetryRule.progress.rawValue)
        partSize = try Self.size(keys.optional("part_size"))
        verification = try Self.verification(keys.optional("verify"))
        let scheduleNode = keys.optional("schedule")
        schedule = try scheduleNode.map { try Schedule($0, of: subject, calendars: calendars) } ?? .manual
        data = try Schedule.data(of: scheduleNode, of: subject)
        // Who follows the source in everything need not name a stream.
        let isComplete = (try? SchemaPolicy(name: schemaChanges)) == .propagateFully
        if isComplete, let node = keys.optional("streams") {
            streams = try (node.items ?? []).map { try ConnectionEntry.stream($0, of: subject) }
        } else if isComplete {
            streams = []
        } else {
            let node = try keys.required("streams")
            guard let items = node.items, !items.isEmpty else {
                throw DocumentError(.wrongType, "\(subject) needs a list of streams", location: node.location)
            }
            streams = try items.map { try ConnectionEntry.stream($0, of: subject) }
        }
        try keys.finish()
        if namespaceDefinition == "custom_format", namespaceFormat == nil {
            throw DocumentError(
                .missingKey, "\(subject) has namespace_definition custom_format but no namespace_format",
                location: location, hint: "add namespace_format, the schema that the tables go to")
        }
    }

    private static func count(_ node: YAMLNode?) throws -> Int? {
        guard let node else { return nil }
        guard let count = Int(node.scalarText), (1...64).contains(count) else {
            throw DocumentError(.badValue, "'\(node.scalarText)' is not a number from 1 to 64", location: node.location)
        }
        return count
    }

    /// `256MB`, `1GB`, a number of bytes, or `none`.
    private static func size(_ node: YAMLNode?) throws -> Int? {
        guard let node else { return 256 << 20 }
        let text = node.scalarText.uppercased()
        if text == "NONE" { return nil }
        let units = [("GB", 30), ("MB", 20), ("KB", 10), ("B", 0)]
        let unit = units.first { text.hasSuffix($0.0) } ?? ("", 0)
        let digits = text.dropLast(unit.0.count).filter { $0 != " " }
        guard let count = Int(digits), count > 0, count < 1 << 30 || unit.1 == 0 else {
            throw DocumentError(
                .badValue, "'\(node.scalarText)' is not a size", location: node.location,
                hint: "for instance 256MB or 1GB; none moves every stream whole")
        }
        return count << unit.1
    }

    /// `true`, `false`, or how many rows of each stream are compared.
    private static func verification(_ node: YAMLNode?) throws -> VerifyOptions? {
        guard let node else { return nil }
        switch node.scalarText {
        case "true", "True": return VerifyOptions()
        case "false", "False": return nil
        case let text:
            guard let count = Int(text), count > 0 else {
                throw DocumentError(
                    .badValue, "'\(text)' is no way to verify", location: node.location,
                    hint: "true compares all rows after each sync, a number about so many of each stream")
            }
            return VerifyOptions(sample: count)
        }
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
