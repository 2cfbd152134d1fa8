import Documents

/// Facets of OpenLineage events, as its specification 2-0-2 has them (https://openlineage.io/spec/).
enum LineageFacet {
    static let producer = "https://leat.dev"
    static let eventSchema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"

    private static func facet(_ schema: String, _ members: [(String, JSON)]) -> JSON {
        .object(
            JSON.Members(
                [
                    ("_producer", .string(producer)), ("_schemaURL", .string("https://openlineage.io/spec/facets/\(schema)")),
                ] + members))
    }

    static func parent(run: String, job: JSON) -> JSON {
        let parent: [(String, JSON)] = [("run", ["runId": .string(run)]), ("job", job)]
        return facet(
            "1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", parent + [("root", .object(JSON.Members(parent)))])
    }

    static func nominalTime(start: String, end: String?) -> JSON {
        facet(
            "1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet",
            [("nominalStartTime", .string(start))] + (end.map { [("nominalEndTime", .string($0))] } ?? []))
    }

    /// - Parameter details: what stands below the message, for instance the rows that failed a test.
    static func error(_ message: String, details: [String]) -> JSON {
        facet(
            "1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet",
            [("message", .string(message)), ("programmingLanguage", "SQL")]
                + (details.isEmpty ? [] : [("stackTrace", .string(details.joined(separator: "\n")))]))
    }

    /// - Parameter type: `DAG` or `TASK`.
    static func jobType(_ type: String) -> JSON {
        facet(
            "2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet",
            [("processingType", "BATCH"), ("integration", "LEAT"), ("jobType", .string(type))])
    }

    static func jobDocumentation(_ text: String) -> JSON {
        facet("1-1-0/DocumentationJobFacet.json#/$defs/DocumentationJobFacet", [("description", .string(text))])
    }

    static func ownership(_ owner: String) -> JSON {
        facet("1-0-1/OwnershipJobFacet.json#/$defs/OwnershipJobFacet", [("owners", [["name": .string(owner)]])])
    }

    static func schema(_ columns: [LineageDataset.Column]) -> JSON {
        let fields = columns.map { column in
            var members = JSON.Members([("name", .string(column.name))])
            if let type = column.type { members.append("type", .string(type)) }
            if !column.description.isEmpty { members.append("description", .string(column.description)) }
            return JSON.object(members)
        }
        return facet("1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", [("fields", .array(fields))])
    }

    static func dataSource(_ namespace: String) -> JSON {
        facet(
            "1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet",
            [("name", .string(namespace)), ("uri", .string(namespace))])
    }

    static func datasetDocumentation(_ text: String) -> JSON {
        facet("1-1-0/DocumentationDatasetFacet.json#/$defs/DocumentationDatasetFacet", [("description", .string(text))])
    }

    static func outputStatistics(rows: Int, bytes: Int?) -> JSON {
        facet(
            "1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet",
            [("rowCount", .int(rows))] + (bytes.map { [("size", .int($0))] } ?? []))
    }
}
