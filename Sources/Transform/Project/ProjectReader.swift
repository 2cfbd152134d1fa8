import Diagnostics
import Documents

/// Reads dbt_project.yml.
struct ProjectReader {
    let renderer: YAMLRenderer

    /// - Parameters:
    ///   - folder: the folder of the project or package.
    ///   - name: what to call the file in errors.
    func read(folder: String, calledInErrors file: String = "dbt_project.yml") throws -> ProjectDefinition {
        let path = folder + "/dbt_project.yml"
        guard ProjectFileSystem.exists(path) else {
            throw TransformError(
                .project, "there is no dbt_project.yml in \(folder)",
                hint: "run in the folder of a dbt project or give --project-dir")
        }
        let text = try ProjectFileSystem.text(of: path, calledInErrors: file)
        var duplicates: [YAMLDocument.Duplicate] = []
        guard let root = try YAMLDocument.parse(text, file: file, duplicates: &duplicates), root.members != nil else {
            throw TransformError(.project, "dbt_project.yml is empty", location: SourceLocation(file: file))
        }
        var project = try definition(root)
        project.warnings += duplicates.map(Manifest.Warning.init(duplicate:))
        return project
    }

    private func definition(_ root: YAMLNode) throws -> ProjectDefinition {
        try refuseUnknownKeys(root)
        let values = try renderer.render(root, skipping: Self.isRenderedLater).object ?? JSON.Members()
        guard let name = values["name"]?.string else {
            throw TransformError(.project, "the project has no name", location: root.location, hint: "add 'name: my_project'")
        }
        guard name.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 }) else {
            throw TransformError(
                .project, "the project's name '\(name)' may hold only letters, digits and underscores",
                location: root["name"]?.location)
        }
        var project = ProjectDefinition(name: name, location: root.location)
        project.version = values["version"].flatMap(Self.text)
        project.profile = values["profile"]?.string
        readPaths(values, into: &project)
        project.deprecatedKeys = Set(values.keys).intersection(["source-paths", "data-paths"])
        for (key, usual) in [("target-path", "target"), ("log-path", "logs")] {
            if let path = values[key]?.string, path != usual { project.deprecatedKeys.insert(key) }
        }
        project.quoting = values["quoting"]?.object ?? JSON.Members()
        project.onRunStart = Self.hooks(values["on-run-start"])
        project.onRunEnd = Self.hooks(values["on-run-end"])
        project.requireDbtVersion = NodeConfig.strings(values["require-dbt-version"])
        project.dispatch = (values["dispatch"]?.array ?? []).compactMap { rule in
            guard let namespace = rule["macro_namespace"]?.string else { return nil }
            return .init(namespace: namespace, searchOrder: NodeConfig.strings(rule["search_order"]))
        }
        if root["query-comment"] != nil || values.keys.contains("query-comment") {
            project.queryComment = QueryComment(values["query-comment"] ?? .null)
        }
        project.vars = values["vars"]?.object ?? JSON.Members()
        project.flags = values["flags"]?.object ?? JSON.Members()
        project.restrictAccess = values["restrict-access"]?.bool ?? false
        var review = KeyReview()
        for key in Self.configKeys {
            if let tree = root[key] { review.review(settings: tree, of: key) }
            let name = key == "tests" ? "data_tests" : key.replacing("-", with: "_")
            if let tree = values[key]?.object { project.configTrees[name] = ConfigTree(tree, plain: root[key]?.json.object) }
        }
        project.warnings = review.warnings
        return project
    }

    private func readPaths(_ values: JSON.Members, into project: inout ProjectDefinition) {
        func paths(_ keys: String..., default fallback: [String]) -> [String] {
            for key in keys { if let value = values[key], !value.isNull { return NodeConfig.strings(value) } }
            return fallback
        }
        project.modelPaths = paths("model-paths", "source-paths", default: ["models"])
        project.macroPaths = paths("macro-paths", default: ["macros"])
        project.seedPaths = paths("seed-paths", "data-paths", default: ["seeds"])
        project.testPaths = paths("test-paths", default: ["tests"])
        project.analysisPaths = paths("analysis-paths", default: ["analyses"])
        project.snapshotPaths = paths("snapshot-paths", default: ["snapshots"])
        project.functionPaths = paths("function-paths", default: ["functions"])
        if let docs = values["docs-paths"], !docs.isNull { project.docsPaths = NodeConfig.strings(docs) }
        project.assetPaths = paths("asset-paths", default: [])
        project.targetPath = values["target-path"]?.string ?? "target"
        project.logPath = values["log-path"]?.string ?? "logs"
        project.packagesInstallPath = values["packages-install-path"]?.string ?? values["modules-path"]?.string ?? "dbt_packages"
        project.cleanTargets = paths("clean-targets", default: [project.targetPath])
    }

    private func refuseUnknownKeys(_ root: YAMLNode) throws {
        for member in root.members ?? [] where !Self.knownKeys.contains(member.key) {
            throw TransformError(
                .project, "dbt_project.yml has no key '\(member.key)'", location: member.keyLocation,
                hint: Suggestion.hint(for: member.key, in: Self.knownKeys) ?? "values of your own go under 'vars'")
        }
    }

    /// Hooks and variables are rendered only when they are used.
    private static func isRenderedLater(_ path: [String]) -> Bool {
        guard let first = path.first else { return false }
        if ["on-run-start", "on-run-end", "query-comment", "vars"].contains(first) { return true }
        guard ["models", "seeds", "snapshots", "tests", "data_tests", "functions"].contains(first) else { return false }
        return path.contains { part in
            ["pre-hook", "post-hook", "pre_hook", "post_hook"].contains(String(part.drop { $0 == "+" || $0 == " " }))
        }
    }

    private static func hooks(_ value: JSON?) -> [String] {
        switch value {
        case .array(let items): items.map { $0.string ?? $0["sql"]?.string ?? $0.text() }
        case .string(let text): [text]
        default: []
        }
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .null: nil
        default: value.text()
        }
    }

    private static let configKeys = [
        "models", "seeds", "snapshots", "sources", "tests", "data_tests", "unit_tests", "exposures", "metrics",
        "semantic-models", "semantic_models", "saved-queries", "saved_queries", "functions",
    ]

    private static let knownKeys: Set<String> = [
        "name", "config-version", "version", "project-root", "source-paths", "model-paths", "macro-paths", "data-paths",
        "seed-paths", "test-paths", "analysis-paths", "docs-paths", "asset-paths", "function-paths", "target-path",
        "snapshot-paths", "clean-targets", "profile", "log-path", "packages-install-path", "modules-path", "quoting",
        "on-run-start", "on-run-end", "require-dbt-version", "dispatch", "models", "seeds", "snapshots", "analyses",
        "sources", "tests", "data_tests", "unit_tests", "metrics", "semantic-models", "saved-queries", "exposures",
        "osi-paths", "vars", "packages", "query-comment", "restrict-access", "dbt-cloud", "flags", "functions", "config",
    ]
}
