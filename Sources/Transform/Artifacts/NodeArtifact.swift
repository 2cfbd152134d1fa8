import Documents
import Jinja

/// A node as manifest.json (version 12) has it, which is also what templates see as `model`.
enum NodeArtifact {
    static func json(of node: Node, compilation: Compilation?, world: RenderWorld) -> JSON {
        var members = JSON.Members()
        append(node, compilation, world, to: &members)
        return .object(members)
    }

    /// Gives all members to whoever takes them.
    static func append(
        _ node: Node, _ compilation: Compilation?, _ world: RenderWorld, to members: inout some MemberSink
    ) {
        members.append("database", optional(node.database))
        members.append("schema", optional(node.schema))
        members.append("name", .string(node.name))
        members.append("resource_type", .string(node.resourceType.rawValue))
        members.append("package_name", .string(node.packageName))
        members.append("path", .string(node.path))
        members.append("original_file_path", .string(node.originalPath))
        members.append("unique_id", .string(node.id.rawValue))
        members.append("fqn", node.fqn)
        members.append("alias", .string(node.alias))
        members.append("checksum", node.checksum.json)
        members.append("config", shared: node.config.values)
        members.append("tags", node.tags)
        members.append("description", .string(node.description))
        members.append("columns", .object(JSON.Members(node.columns.map { ($0.name, $0.json) })))
        members.append("meta", .object(node.meta))
        members.append("group", optional(node.group))
        members.append("docs", docs(node))
        members.append("patch_path", optional(node.patchPath))
        members.append("build_path", .null)
        members.append("unrendered_config", .object(node.unrenderedConfig))
        members.append("created_at", .double(node.createdAt))
        members.append("relation_name", optional(node.relationName))
        members.append("raw_code", .string(node.rawCode))
        members.append("doc_blocks", node.docBlocks)
        if node.resourceType == .seed {
            members.append("root_path", optional(node.rootPath))
            members.append("depends_on", ["macros": strings(node.dependsOnMacros)])
        } else {
            appendCompiled(node, compilation, to: &members)
        }
        appendSpecifics(of: node, to: &members)
    }

    private static func appendCompiled(_ node: Node, _ compilation: Compilation?, to members: inout some MemberSink) {
        members.append("language", .string(node.language))
        members.append("refs", .array(node.refs.map(\.json)))
        members.append("sources", .array(node.sources.map(\.json)))
        members.append("metrics", [])
        members.append(
            "functions", .array(node.functions.map { .array([$0.package, $0.name].compactMap { $0.map(JSON.string) }) }))
        members.append(
            "depends_on",
            ["macros": strings(node.dependsOnMacros), "nodes": .array(node.dependsOnNodes.map { .string($0.rawValue) })])
        members.append("compiled_path", optional(compilation?.path))
        if let compilation {
            members.append("compiled", true)
            members.append("compiled_code", .string(compilation.code))
            members.append("extra_ctes_injected", true)
            members.append(
                "extra_ctes", .array(compilation.ephemerals.map { ["id": .string($0.id.rawValue), "sql": .string($0.sql)] }))
        }
        let contract = node.config["contract"]
        members.append(
            "contract",
            [
                "enforced": contract?["enforced"] ?? false, "alias_types": contract?["alias_types"] ?? true,
                "checksum": optional(contractChecksum(node)),
            ])
    }

    private static func appendSpecifics(of node: Node, to members: inout some MemberSink) {
        switch node.resourceType {
        case .model:
            members.append("access", optional(node.access))
            members.append("constraints", .array(node.constraints))
            members.append("version", node.version.map(RefCall.versionJSON) ?? .null)
            members.append("latest_version", node.latestVersion.map(RefCall.versionJSON) ?? .null)
            members.append("deprecation_date", optional(node.deprecationDate))
            members.append("primary_key", node.primaryKey)
            members.append("time_spine", node.timeSpine)
        case .function:
            members.append("arguments", .array(node.function?.arguments.map(Self.argument) ?? []))
            members.append("returns", Self.returns(node.function?.returns ?? .null))
            members.append("overloads", [])
        case .operation: members.append("index", node.index.map(JSON.int) ?? .null)
        case .test:
            guard let test = node.test else { break }
            members.append("column_name", optional(test.columnName))
            members.append("file_key_name", .string(test.fileKeyName))
            members.append("attached_node", optional(test.attachedNode?.rawValue))
            members.append(
                "test_metadata",
                ["name": .string(test.name), "kwargs": .object(test.arguments), "namespace": optional(test.namespace)])
        default: break
        }
    }

    private static func argument(_ value: JSON) -> JSON {
        [
            "name": value["name"] ?? "", "data_type": value["data_type"] ?? "", "description": value["description"] ?? .null,
            "default_value": value["default_value"] ?? .null,
        ]
    }

    private static func returns(_ value: JSON) -> JSON {
        ["data_type": value["data_type"] ?? "", "description": value["description"] ?? .null]
    }

    private static func docs(_ node: Node) -> JSON {
        let docs = node.config["docs"]
        return ["show": docs?["show"] ?? true, "node_color": docs?["node_color"] ?? .null]
    }

    /// The fingerprint of the columns that a contract promises.
    private static func contractChecksum(_ node: Node) -> String? {
        guard node.config["contract"]?["enforced"]?.bool ?? false else { return nil }
        let columns = node.columns.sorted { $0.name < $1.name }.map { column in
            "|\(column.name)\(column.dataType ?? "None")[\(column.constraints.map(described).joined(separator: ", "))]"
        }
        var text = columns.joined()
        // Only where the constraints of the whole model are part of the relation.
        if let kind = node.config["materialized"]?.string, kind == "table" || kind == "incremental" {
            text += kind + "[\(node.constraints.map(describedWithColumns).joined(separator: ", "))]"
        }
        return Checksum.sha256(of: text).value
    }

    /// A constraint as Python prints dbt's object.
    private static func described(_ constraint: JSON) -> String {
        let type = constraint["type"]?.string ?? ""
        let fields = ["name", "expression", "warn_unenforced", "warn_unsupported", "to", "to_columns"]
            .map { "\($0)=\(Value(constraint[$0] ?? .null).pythonRepr)" }
        return "ColumnLevelConstraint(type=<ConstraintType.\(type): '\(type)'>, \(fields.joined(separator: ", ")))"
    }

    private static func describedWithColumns(_ constraint: JSON) -> String {
        let text = described(constraint).replacing("ColumnLevelConstraint(", with: "ModelLevelConstraint(")
        return text.dropLast() + ", columns=\(Value(constraint["columns"] ?? []).pythonRepr))"
    }

    static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
    static func strings(_ items: [String]) -> JSON { .array(items.map(JSON.string)) }
}
