import Diagnostics
import Documents

/// What a project says about a source of one of its packages: an entry under `sources:` with the key `overrides`.
struct SourceOverride: Sendable {
    /// The package whose source is meant.
    let package: String
    let source: String
    let location: SourceLocation
    private let entry: YAMLNode

    /// Nil for an entry that is a source itself.
    init?(_ schema: SchemaFileReader, _ file: PackageFile, _ entry: YAMLNode) throws {
        guard let overrides = entry["overrides"], !overrides.isNull else { return nil }
        guard let package = try schema.renderer.render(overrides).string else {
            throw TransformError(
                .schema, "'overrides' must name a package, but this is \(overrides.typeName)", location: overrides.location)
        }
        source = try schema.name(of: entry, "a source")
        self.package = package
        self.entry = entry
        location = entry.location
    }

    /// The source with what this says in the place of what the package says.
    ///
    /// As in dbt, settings and freshness of the package do not outlive an override, also where it says nothing about them.
    func applied(to original: YAMLNode) -> YAMLNode {
        let tables = (original["tables"]?.items ?? []).map { table in
            let own = entry["tables"]?.items?.first { $0["name"]?.string == table["name"]?.string }
            return own.map { merged(table, $0, keeping: ["name"], dropping: ["freshness", "quoting"]) } ?? table
        }
        var result =
            merged(
                original, entry, keeping: ["name", "overrides", "tables"], dropping: ["freshness", "config"]
            ).members ?? []
        for index in result.indices where result[index].key == "tables" {
            result[index].value = YAMLNode(.sequence(tables), at: result[index].value.location)
        }
        return YAMLNode(.mapping(result), at: original.location)
    }

    private func merged(_ base: YAMLNode, _ addition: YAMLNode, keeping: Set<String>, dropping: Set<String>) -> YAMLNode {
        let new = (addition.members ?? []).filter { !keeping.contains($0.key) && !$0.value.isNull }
        let replaced = Set(new.map(\.key)).union(dropping)
        let old = (base.members ?? []).filter { !replaced.contains($0.key) }
        return YAMLNode(.mapping(old + new), at: base.location)
    }
}
