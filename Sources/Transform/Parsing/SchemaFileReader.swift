import Diagnostics
import Documents

/// Reads the schema files of a package.
struct SchemaFileReader {
    let package: Package
    let renderer: YAMLRenderer
    let resolver: ConfigResolver
    let profile: Profile
    let now: Double
    /// What other packages say about the sources of this one.
    var sourceOverrides: [SourceOverride] = []

    /// - Throws: ``TransformError`` or ``DocumentError`` with the place in the file.
    func read(_ file: PackageFile) throws -> SchemaFile? {
        let text = try ProjectFileSystem.text(of: file.absolutePath, calledInErrors: file.displayPath)
        // As in dbt, white space at the end of a file is no part of a text that ends there.
        var duplicates: [YAMLDocument.Duplicate] = []
        let document = try YAMLDocument.parse(text.trimmingEndBytes, file: file.displayPath, duplicates: &duplicates)
        guard let root = document else { return nil }
        guard let members = root.members else {
            throw TransformError(
                .schema, "a schema file must be a mapping, but this is \(root.typeName)", location: root.location)
        }
        try checkVersion(root)
        var schema = SchemaFile(file: file)
        schema.warnings = duplicates.map(Manifest.Warning.init(duplicate:))
        var review = KeyReview()
        for member in members {
            if package.isRoot { for entry in member.value.items ?? [] { review.review(entry, of: member.key) } }
            switch member.key {
            case "models", "seeds", "snapshots", "analyses", "functions":
                for entry in try entries(member) {
                    var patch = try patch(entry, key: member.key, file: file)
                    if member.key == "snapshots", let relation = entry["relation"]?.string {
                        patch.relation = relation
                        patch.fileChecksum = Checksum.normalized(text)
                    }
                    schema.patches += try VersionExpansion(self, patch).versions(of: entry)
                }
            case "unit_tests":
                for entry in try entries(member) { schema.unitTests.append(try UnitTestReader(self, file).read(entry)) }
            case "sources":
                for entry in try entries(member) {
                    if let override = try SourceOverride(self, file, entry) {
                        schema.sourceOverrides.append(override)
                    } else {
                        schema.sources += try SourceReader(self, file).read(overridden(entry), original: entry)
                    }
                }
            case "macros":
                for entry in try entries(member) { schema.macros.append(try macroPatch(entry, file: file)) }
            case "exposures":
                for entry in try entries(member) { schema.exposures.append(try exposure(entry, file: file)) }
            case "metrics":
                for entry in try entries(member) { schema.semantics.append(try MetricReader(self, file).read(entry)) }
            case "semantic_models":
                for entry in try entries(member) { schema.semantics += try SemanticModelReader(self, file).read(entry) }
            case "saved_queries":
                for entry in try entries(member) { schema.semantics.append(try SavedQueryReader(self, file).read(entry)) }
            case "groups":
                for entry in try entries(member) { schema.groups.append(try group(entry, file: file)) }
            case "data_tests": schema.dataTests += singularTests(member, file, &schema.warnings)
            default: review.review(topLevel: member)
            }
        }
        schema.warnings += review.warnings
        return schema
    }

    /// What a section says of singular tests. As in dbt, an entry that cannot be read ends the section and nothing else.
    private func singularTests(
        _ member: YAMLNode.Member, _ file: PackageFile, _ warnings: inout [Manifest.Warning]
    ) -> [NodePatch] {
        var patches: [NodePatch] = []
        do {
            for entry in try entries(member) { patches.append(try patch(entry, key: "data_tests", file: file)) }
        } catch {
            let message = (error as? any UserFacingError)?.message ?? "\(error)"
            warnings.append(
                .init(
                    event: .note, message: "Unable to parse the rest of this 'data_tests' section: \(message)",
                    location: (error as? any UserFacingError)?.location ?? member.keyLocation, isOptional: true))
        }
        return patches
    }

    private func overridden(_ entry: YAMLNode) -> YAMLNode {
        let name = entry["name"]?.string
        return sourceOverrides.first { $0.source == name }?.applied(to: entry) ?? entry
    }

    private func checkVersion(_ root: YAMLNode) throws {
        guard let version = root["version"], !version.isNull else { return }
        let text = version.json
        guard text == .int(2) || text == .double(2) || text == .string("2") else {
            throw TransformError(.schema, "the version of a schema file must be 2", location: version.location)
        }
    }

    private func entries(_ member: YAMLNode.Member) throws -> [YAMLNode] {
        if member.value.isNull { return [] }
        guard let items = member.value.items else {
            throw TransformError(
                .schema, "'\(member.key)' must be a list, but this is \(member.value.typeName)", location: member.value.location,
                hint: "begin each entry with '- name:'")
        }
        return items
    }

    func name(of entry: YAMLNode, _ what: String) throws -> String {
        guard entry.members != nil else {
            throw TransformError(.schema, "\(what) must be a mapping, but this is \(entry.typeName)", location: entry.location)
        }
        guard let node = entry["name"], !node.isNull else {
            throw TransformError(.schema, "\(what) needs a name", location: entry.location)
        }
        return node.string ?? node.json.text()
    }

    private func patch(_ entry: YAMLNode, key: String, file: PackageFile) throws -> NodePatch {
        let name = try name(of: entry, "an entry of '\(key)'")
        let values = try renderer.render(entry, skipping: Self.isRenderedLater).object ?? JSON.Members()
        var config = values["config"]?.object ?? JSON.Members()
        for attribute in ["meta", "docs", "group", "contract", "access"] {
            guard let value = values[attribute] else { continue }
            if config[attribute] != nil {
                throw TransformError(
                    .schema, "'\(attribute)' stands in 'config' and beside it", location: entry[attribute]?.location,
                    hint: "keep the one in 'config'")
            }
            config[attribute] = value
        }
        let (columns, columnTests) = try columns(of: entry, values)
        var patch = NodePatch(
            name: name, key: key, file: file, location: entry["name"]?.location ?? entry.location,
            description: values["description"]?.string ?? "", config: config, columns: columns,
            constraints: (values["constraints"]?.array ?? []).map { Self.constraint($0, ofModel: true) },
            access: config["access"]?.string,
            latestVersion: values["latest_version"].flatMap(Self.text),
            deprecationDate: values["deprecation_date"].flatMap(Self.date),
            tests: columnTests + (try tests(of: entry)))
        patch.unrendered = DeepMerge.merged(config, entry["config"]?.json.object ?? JSON.Members())
        if key == "models" {
            patch.timeSpine = try timeSpine(values["time_spine"], of: patch, at: entry["time_spine"]?.location)
            if values["semantic_model"] != nil || values["metrics"] != nil {
                patch.semantics = try SemanticModelReader(self, file).read(patch, values)
            }
        }
        if key == "functions" {
            patch.function = FunctionSignature(arguments: values["arguments"]?.array ?? [], returns: values["returns"] ?? .null)
        }
        return patch
    }

    /// The columns of a time spine, which must be columns of the model.
    private func timeSpine(_ value: JSON?, of patch: NodePatch, at location: SourceLocation?) throws -> JSON {
        guard let given = value?.object else { return .null }
        let name = given["standard_granularity_column"]?.string ?? ""
        guard let column = patch.columns.first(where: { $0.name == name }) else {
            throw TransformError(
                .schema, "the time spine's column '\(name)' is no column of '\(patch.name)'", location: location,
                hint: Suggestion.hint(for: name, in: patch.columns.map(\.name)) ?? "describe it under 'columns'")
        }
        guard column.granularity != nil else {
            throw TransformError(
                .schema, "the time spine's column '\(name)' needs a granularity", location: location,
                hint: "as in: granularity: day")
        }
        let customs: [JSON] = (given["custom_granularities"]?.array ?? []).map {
            ["name": $0["name"] ?? .null, "column_name": $0["column_name"] ?? .null]
        }
        return ["standard_granularity_column": .string(name), "custom_granularities": .array(customs)]
    }

    /// Dates get a time, as in dbt.
    static func date(_ value: JSON) -> String? {
        guard let text = text(value) else { return nil }
        return text.utf8.count == 10 ? text + "T00:00:00+00:00" : text
    }

    static func text(_ value: JSON) -> String? { value.isNull ? nil : value.string ?? value.text() }

    /// A constraint with all keys that dbt knows.
    static func constraint(_ value: JSON, ofModel: Bool) -> JSON {
        guard let given = value.object else { return value }
        var members = JSON.Members(pairs: [
            ("type", .null), ("name", .null), ("expression", .null), ("warn_unenforced", true), ("warn_unsupported", true),
            ("to", .null), ("to_columns", []),
        ])
        if ofModel { members.append("columns", []) }
        for entry in given.entries { members[entry.key] = entry.value }
        return .object(members)
    }

    /// The tests of an entry, under either name.
    func tests(of entry: YAMLNode) throws -> [PatchTest] {
        let current = entry["data_tests"].flatMap { $0.isNull ? nil : $0 }
        let old = entry["tests"].flatMap { $0.isNull ? nil : $0 }
        if let current, let old, !(old.items?.isEmpty ?? false), !(current.items?.isEmpty ?? false) {
            throw TransformError(
                .schema, "this entry has both 'tests' and 'data_tests'", location: old.location, hint: "keep 'data_tests'")
        }
        guard let list = current ?? old else { return [] }
        guard let items = list.items else {
            throw TransformError(
                .schema, "'data_tests' must be a list, but this is \(list.typeName)", location: list.location)
        }
        return items.map { PatchTest(node: $0) }
    }

    /// The columns of an entry with their tests.
    func columns(of entry: YAMLNode, _ values: JSON.Members) throws -> ([ColumnInfo], [PatchTest]) {
        var columns: [ColumnInfo] = []
        var found: [PatchTest] = []
        let quotesAll = values["quote_columns"]?.bool
        guard let nodes = entry["columns"], !nodes.isNull else { return ([], []) }
        guard let items = nodes.items else {
            throw TransformError(.schema, "'columns' must be a list, but this is \(nodes.typeName)", location: nodes.location)
        }
        for (index, node) in items.enumerated() {
            let name = try name(of: node, "a column")
            let column = Self.column(name, values["columns"]?[index]?.object ?? JSON.Members())
            columns.append(column)
            let isQuoted = column.quote ?? quotesAll ?? false
            for var test in try tests(of: node) {
                test.columnName = isQuoted ? Relation.quoted(name) : name
                test.column = name
                test.columnTags = column.tags
                found.append(test)
            }
        }
        return (columns, found)
    }

    private static func column(_ name: String, _ values: JSON.Members) -> ColumnInfo {
        var column = ColumnInfo(name: name)
        column.description = values["description"]?.string ?? ""
        let config = values["config"]?.object ?? JSON.Members()
        column.meta = values["meta"]?.object ?? JSON.Members()
        for entry in config["meta"]?.object?.entries ?? [] { column.meta[entry.key] = entry.value }
        column.dataType = values["data_type"]?.string
        column.constraints = (values["constraints"]?.array ?? []).map { constraint($0, ofModel: false) }
        column.quote = values["quote"]?.bool
        column.granularity = values["granularity"]?.string
        column.config = config
        column.dimension = semantics(
            values["dimension"],
            [
                ("name", .string(name)), ("type", nil), ("description", nil), ("label", nil), ("is_partition", false),
                ("config", [:]), ("validity_params", nil),
            ])
        column.entity = semantics(
            values["entity"],
            [("name", .string(name)), ("type", nil), ("description", nil), ("label", nil), ("config", [:])])
        var seen: Set<String> = []
        column.tags = (NodeConfig.strings(values["tags"]) + NodeConfig.strings(config["tags"])).filter {
            seen.insert($0).inserted
        }
        let known: Set<String> = [
            "name", "description", "meta", "data_type", "constraints", "quote", "tags", "tests", "data_tests", "config",
            "granularity", "policy_tags", "dimension", "entity",
        ]
        for entry in values.entries where !known.contains(entry.key) { column.extra.append(entry.key, entry.value) }
        return column
    }

    /// A word as it is, a mapping with all of its keys.
    private static func semantics(_ value: JSON?, _ fields: [(String, JSON)]) -> JSON {
        guard let members = value?.object else { return value ?? .null }
        return .object(SemanticFields.filled(members, fields))
    }

    private func macroPatch(_ entry: YAMLNode, file: PackageFile) throws -> MacroPatch {
        let name = try name(of: entry, "an entry of 'macros'")
        let values = entry.json.object ?? JSON.Members()
        let arguments = (values["arguments"]?.array ?? []).map { argument in
            MacroRecord.MacroArgument(
                name: argument["name"]?.string ?? "", type: argument["type"].flatMap(Self.text),
                description: argument["description"]?.string ?? "")
        }
        return MacroPatch(
            name: name, description: values["description"]?.string ?? "", arguments: arguments,
            meta: values["meta"]?.object ?? values["config"]?["meta"]?.object ?? JSON.Members(),
            patchPath: "\(file.package)://\(file.originalPath)")
    }

    private func group(_ entry: YAMLNode, file: PackageFile) throws -> Group {
        let name = try name(of: entry, "a group")
        let values = try renderer.render(entry).object ?? JSON.Members()
        return Group(
            packageName: package.name, name: name, path: file.path, originalPath: file.originalPath,
            owner: values["owner"]?.object.map {
                .object(DeepMerge.merged(JSON.Members(pairs: [("email", nil), ("name", nil)]), $0))
            }
                ?? .null,
            description: values["description"]?.string,
            config: groupConfig(values["config"]?.object, fqn: [package.name] + file.folders + [name]))
    }

    /// As in dbt, the settings of models count for groups, and only `meta` is merged.
    private func groupConfig(_ own: JSON.Members?, fqn: [String]) -> JSON.Members {
        var config = JSON.Members(pairs: [("meta", [:])])
        for level in package.definition.configTree(for: .group).levels(for: fqn) + [own ?? JSON.Members()] {
            for entry in level.entries {
                if entry.key == "meta", let meta = entry.value.object {
                    config["meta"] = .object(DeepMerge.merged(config["meta"]?.object ?? JSON.Members(), meta))
                } else {
                    config[entry.key] = entry.value
                }
            }
        }
        return config
    }

    private func exposure(_ entry: YAMLNode, file: PackageFile) throws -> Exposure {
        let name = try name(of: entry, "an exposure")
        let values =
            try renderer.render(entry, skipping: { $0 == ["depends_on"] || $0 == ["description"] || $0.first == "depends_on" })
            .object ?? JSON.Members()
        let fqn = [package.name] + file.folders + [name]
        var own = values["config"]?.object ?? JSON.Members()
        let tags = NodeConfig.strings(own["tags"]) + NodeConfig.strings(values["tags"])
        if !tags.isEmpty { own["tags"] = .array(tags.map(JSON.string)) }
        if let meta = values["meta"]?.object {
            own["meta"] = .object(DeepMerge.merged(own["meta"]?.object ?? JSON.Members(), meta))
        }
        let config = resolver.resolve(.exposure, fqn: fqn, package: package.name, patch: own).config
        var exposure = Exposure(
            id: NodeID("exposure.\(package.name).\(name)"), name: name, packageName: package.name, path: file.path,
            originalPath: file.originalPath, fqn: fqn, type: values["type"]?.string ?? "",
            location: entry["name"]?.location ?? entry.location)
        exposure.description = values["description"]?.string ?? ""
        exposure.owner = values["owner"] ?? .null
        exposure.label = values["label"]?.string
        exposure.maturity = values["maturity"]?.string
        exposure.url = values["url"]?.string
        exposure.config = config
        exposure.meta = config.meta
        exposure.tags = config.tags
        let unrendered = resolver.resolve(.exposure, fqn: fqn, package: package.name, patch: values["config"]?.object)
        exposure.unrenderedConfig = unrendered.unrendered
        exposure.createdAt = now
        for text in NodeConfig.strings(values["depends_on"]) {
            let capture = try ArgumentRenderer.capture(text, world: renderer.scope, at: entry["depends_on"]?.location)
            exposure.refs += capture.refs
            exposure.sources += capture.sources
            exposure.metrics += capture.metrics
        }
        return exposure
    }

    /// What is rendered only when it is used: tests, descriptions and hooks.
    static func isRenderedLater(_ path: [String]) -> Bool {
        guard let first = path.first else { return false }
        if laterKeys.contains(first) { return true }
        if path.count == 2, first == "config",
            ["pre_hook", "post_hook", "pre-hook", "post-hook", "loaded_at_query"].contains(path[1])
        {
            return true
        }
        if path.count >= 3, listKeys.contains(first), laterKeys.contains(path[2]) { return true }
        if first == "metrics", path.last == "filter" { return true }
        if path.count >= 4, first == "derived_semantics", laterKeys.contains(path[3]) { return true }
        return path.count >= 5 && first == "versions" && path[2] == "columns" && laterKeys.contains(path[4])
    }

    private static let listKeys: Set<String> = ["columns", "versions", "dimensions", "measures", "entities", "metrics"]
    private static let laterKeys: Set<String> = ["tests", "data_tests", "description", "loaded_at_query"]
}
