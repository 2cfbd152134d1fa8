import Diagnostics
import Documents

/// What can only be said of a project once all of it is read: settings that nothing uses, models past their date.
struct ProjectReview {
    private let manifest: Manifest
    private let world: RenderWorld

    init(_ manifest: Manifest, world: RenderWorld) {
        self.manifest = manifest
        self.world = world
    }

    var warnings: [Manifest.Warning] {
        [unusedPaths, concurrentBatches].compactMap { $0 } + deprecatedModels + macroPatches + oldPaths + customPaths
            + exposureNames + sharedNames + ConfigReview.warnings(of: manifest, world: world)
    }

    // MARK: Settings

    /// The keys of dbt_project.yml that hold configuration by folder.
    private static let trees: [(key: String, types: Set<ResourceType>)] = [
        ("models", [.model]), ("seeds", [.seed]), ("snapshots", [.snapshot]), ("sources", [.source]), ("data_tests", [.test]),
        ("unit_tests", [.unitTest]), ("metrics", [.metric]), ("semantic_models", [.semanticModel]),
        ("saved_queries", [.savedQuery]), ("exposures", [.exposure]), ("functions", [.function]),
    ]

    private var unusedPaths: Manifest.Warning? {
        let disabled = manifest.disabled.map(\.fqn) + manifest.disabledSources.map(\.fqn)
        var unused: [String] = []
        for (key, types) in Self.trees {
            guard let tree = world.root.definition.configTrees[key] else { continue }
            let used = fqns(of: types) + disabled
            for path in Self.paths(tree.root, []) where !used.contains(where: { $0.starts(with: path) }) {
                unused.append(([key] + path).joined(separator: "."))
            }
        }
        guard !unused.isEmpty else { return nil }
        let list = unused.map { "\n- " + $0 }.joined()
        return .init(
            event: .unusedResourceConfigPath,
            message: "Configuration paths exist in your dbt_project.yml file which do not apply to any resources.\n"
                + "There are \(unused.count) unused configuration paths:" + list)
    }

    private func fqns(of types: Set<ResourceType>) -> [[String]] {
        var found = manifest.nodes.values.filter { types.contains($0.resourceType) }.map(\.fqn)
        if types.contains(.source) { found += manifest.sources.values.map(\.fqn) }
        if types.contains(.exposure) { found += manifest.exposures.values.map(\.fqn) }
        if types.contains(.unitTest) { found += manifest.unitTests.values.map(\.fqn) }
        found += manifest.semantics.values.filter { types.contains($0.resourceType) }.map(\.fqn)
        return found
    }

    /// The folders for which something is set, each once.
    private static func paths(_ level: JSON.Members, _ path: [String]) -> [[String]] {
        var found: [[String]] = []
        for entry in level.entries {
            let next =
                if let below = entry.value.object, !entry.key.hasPrefix("+") { paths(below, path + [entry.key]) } else { [path] }
            for path in next where !found.contains(path) { found.append(path) }
        }
        return found
    }

    /// The adapter for PostgreSQL runs batches one after the other, as dbt's does.
    private var concurrentBatches: Manifest.Warning? {
        let forcing = manifest.nodes.values.filter {
            $0.isMicrobatch && $0.config["concurrent_batches"]?.bool == true
        }
        guard let first = forcing.first else { return nil }
        return .init(
            event: .invalidConcurrentBatchesConfig,
            message: "Found \(forcing.count) microbatch model\(forcing.count == 1 ? "" : "s") with the `concurrent_batches` "
                + "config set to true, but the postgres adapter does not support running batches concurrently. "
                + "Batches will be run sequentially.", location: first.location)
    }

    /// Keys of dbt_project.yml with newer names.
    private var oldPaths: [Manifest.Warning] {
        [("source-paths", "model-paths", WarningEvent.configSourcePath), ("data-paths", "seed-paths", .configDataPath)]
            .filter { world.root.definition.deprecatedKeys.contains($0.0) }
            .map { old, new, event in
                .init(
                    event: event,
                    message: "The `\(old)` config has been renamed to `\(new)`. "
                        + "Please update your `dbt_project.yml` configuration to reflect this change.")
            }
    }

    /// Folders that the command line or the environment should name.
    private var customPaths: [Manifest.Warning] {
        [
            ("log-path", "logs", "--log-path", "DBT_LOG_PATH", WarningEvent.configLogPath),
            ("target-path", "artifacts", "--target-path", "DBT_TARGET_PATH", .configTargetPath),
        ].filter { world.root.definition.deprecatedKeys.contains($0.0) }.map { key, output, option, variable, event in
            .init(
                event: event,
                message: "The `\(key)` config in `dbt_project.yml` has been deprecated, and will no longer be supported in a "
                    + "future version of dbt-core. If you wish to write dbt \(output) to a custom directory, please use the "
                    + "\(option) CLI flag or \(variable) env var instead.")
        }
    }

    // MARK: Nodes

    /// Names with spaces and the like, which belong into the label.
    private var exposureNames: [Manifest.Warning] {
        manifest.exposures.values.filter { exposure in
            exposure.name.isEmpty
                || !exposure.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        }.map { exposure in
            .init(
                event: .exposureName,
                message: "Starting in v1.3, the 'name' of an exposure should contain only letters, numbers, and underscores. "
                    + "Exposures support a new property, 'label', which may contain spaces, capital letters, and special "
                    + "characters. \(exposure.name) does not follow this pattern. Please update the 'name', and use the 'label' "
                    + "property for a human-friendly title. This will raise an error in a future version of dbt-core.",
                location: exposure.location)
        }
    }

    /// A model and a seed of one name, say, in one package.
    private var sharedNames: [Manifest.Warning] {
        var owners: [String: Node] = [:]
        var found: [Manifest.Warning] = []
        for node in manifest.nodes.values where node.isRelational && node.version == nil && node.resourceType != .test {
            guard let first = owners.updateValue(node, forKey: "\(node.packageName).\(node.name)") else { continue }
            found.append(
                .init(
                    event: .duplicateName,
                    message: "Found resources with the same name '\(node.name)' in package '\(node.packageName)': "
                        + "'\(first.id)' and '\(node.id)'. Please update one of the resources to have a unique name.",
                    location: node.location))
        }
        return found
    }

    private var deprecatedModels: [Manifest.Warning] {
        let dated = manifest.nodes.values.filter { $0.resourceType == .model && $0.deprecationDate != nil }
        guard !dated.isEmpty else { return [] }
        let now = DateTimeStamp.now().secondsSince1970
        return dated.flatMap { model -> [Manifest.Warning] in
            let date = model.deprecationDate ?? ""
            let isPast = DateTimeStamp(parsing: date).map { $0.secondsSince1970 < now } ?? false
            let version = model.version.map { ".v" + $0 } ?? ""
            var found: [Manifest.Warning] = []
            if isPast {
                found.append(
                    .init(
                        event: .deprecatedModel,
                        message: "Model \(model.name)\(version) has passed its deprecation date of \(date). "
                            + "This model should be disabled or removed.", location: model.location))
            }
            for child in manifest.nodes.values where child.resourceType == .model && child.dependsOnNodes.contains(model.id) {
                let what = isPast ? "which was deprecated on" : "which is slated for deprecation on"
                found.append(
                    .init(
                        event: isPast ? .deprecatedReference : .upcomingReferenceDeprecation,
                        message: "While compiling '\(child.name)': Found a reference to \(model.name)\(version), "
                            + "\(what) '\(date)'. ", location: child.location, hint: newerVersion(of: model)))
            }
            return found
        }
    }

    private func newerVersion(of model: Node) -> String? {
        guard let version = model.version, let latest = model.latestVersion, version != latest else { return nil }
        return "a new version is available: ref('\(model.packageName)', '\(model.name)', v='\(latest)')"
    }

    /// - Parameter id: `macro.package.name`.
    private func isThere(_ id: String) -> Bool {
        let parts = id.split(separator: ".", maxSplits: 2).map(String.init)
        return parts.count == 3 && world.macros.packages[parts[1]]?[parts[2]] != nil
    }

    /// Descriptions of macros that there are not.
    private var macroPatches: [Manifest.Warning] {
        manifest.macroPatches.filter { !isThere($0.key) }.map { id, patch in
            .init(
                event: .macroNotFoundForPatch, message: "Found patch for macro \"\(patch.name)\" which was not found",
                hint: Suggestion.hint(for: patch.name, in: world.macros.all.map(\.name)))
        }.sorted { $0.message < $1.message }
    }
}
