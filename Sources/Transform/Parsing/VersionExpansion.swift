import Diagnostics
import Documents

/// Makes one patch per version of what a schema file says about a model with versions.
struct VersionExpansion {
    private let schema: SchemaFileReader
    private let patch: NodePatch

    init(_ schema: SchemaFileReader, _ patch: NodePatch) {
        self.schema = schema
        self.patch = patch
    }

    /// The patch itself where the entry has no versions.
    func versions(of entry: YAMLNode) throws -> [NodePatch] {
        guard patch.key == "models", let list = entry["versions"], !list.isNull else { return [patch] }
        guard let items = list.items else {
            throw TransformError(.schema, "'versions' must be a list, but this is \(list.typeName)", location: list.location)
        }
        if items.isEmpty { return [patch] }
        let names = try items.map { item in
            guard let name = item["v"]?.json, !name.isNull else {
                throw TransformError(.schema, "a version needs the key 'v'", location: item.location)
            }
            return SchemaFileReader.text(name) ?? ""
        }
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            throw TransformError(
                .duplicate, "the version \(names[twice]) of '\(patch.name)' is listed twice", location: items[twice].location)
        }
        let latest = patch.latestVersion ?? names.max(by: Self.isOlder) ?? ""
        guard names.contains(latest) else {
            throw TransformError(
                .schema, "latest_version \(latest) is none of the versions of '\(patch.name)'",
                location: entry["latest_version"]?.location, hint: "they are: \(names.joined(separator: ", "))")
        }
        let ownTests = try schema.tests(of: entry)
        return try zip(names, items).map { try version($0, $1, latest: latest, ownTests: ownTests) }
    }

    private static func isOlder(_ a: String, _ b: String) -> Bool {
        guard let first = Double(a), let second = Double(b) else { return a < b }
        return first < second
    }

    private func version(_ name: String, _ item: YAMLNode, latest: String, ownTests: [PatchTest]) throws -> NodePatch {
        let values = try schema.renderer.render(item, skipping: SchemaFileReader.isRenderedLater).object ?? JSON.Members()
        var result = patch
        result.version = name
        result.unrendered = patch.config
        result.latestVersion = latest
        result.stems = [values["defined_in"]?.string ?? "\(patch.name)_v\(name)"]
        if name == latest { result.stems.append(patch.name) }
        if let text = values["description"]?.string, !text.isEmpty { result.description = text }
        if let config = values["config"]?.object {
            result.config = DeepMerge.merged(patch.config, config)
            result.unrendered = DeepMerge.merged(result.config, item["config"]?.json.object ?? JSON.Members())
        }
        if let access = values["access"] { result.config["access"] = access }
        result.access = result.config["access"]?.string
        if let constraints = values["constraints"]?.array, !constraints.isEmpty {
            result.constraints = constraints.map { SchemaFileReader.constraint($0, ofModel: true) }
        }
        result.deprecationDate = values["deprecation_date"].flatMap(SchemaFileReader.date)
        try takeColumns(item, values, ownTests: ownTests, into: &result)
        return result
    }

    /// The model's columns that the version includes, then its own.
    private func takeColumns(_ item: YAMLNode, _ values: JSON.Members, ownTests: [PatchTest], into result: inout NodePatch) throws
    {
        var isIncluded: (String) -> Bool = { _ in true }
        var own: [YAMLNode] = []
        var ownValues: [JSON] = []
        for (index, column) in (item["columns"]?.items ?? []).enumerated() {
            if let include = column["include"]?.json {
                let names = NodeConfig.strings(include)
                let excluded = NodeConfig.strings(column["exclude"]?.json)
                let all = names == ["*"] || names == ["all"]
                isIncluded = { (all || names.contains($0)) && !excluded.contains($0) }
            } else {
                own.append(column)
                if let value = values["columns"]?[index] { ownValues.append(value) }
            }
        }
        let place = item["columns"]?.location ?? item.location
        let list = YAMLNode.Member(key: "columns", keyLocation: place, value: YAMLNode(.sequence(own), at: place))
        let (columns, tests) = try schema.columns(
            of: YAMLNode(.mapping([list]), at: place), JSON.Members(pairs: [("columns", .array(ownValues))]))
        result.columns = patch.columns.filter { isIncluded($0.name) } + columns
        let whole = item["data_tests"] != nil || item["tests"] != nil ? try schema.tests(of: item) : ownTests
        result.tests = patch.tests.filter { $0.column.map(isIncluded) ?? false } + tests + whole
    }
}
