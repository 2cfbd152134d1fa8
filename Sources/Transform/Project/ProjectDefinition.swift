package import Diagnostics
package import Documents

/// What dbt_project.yml says.
package struct ProjectDefinition: Sendable {
    package var name: String
    package var version: String?
    package var profile: String?
    package var modelPaths = ["models"]
    package var macroPaths = ["macros"]
    package var seedPaths = ["seeds"]
    package var testPaths = ["tests"]
    package var analysisPaths = ["analyses"]
    package var snapshotPaths = ["snapshots"]
    package var functionPaths = ["functions"]
    package var docsPaths: [String]?
    package var assetPaths: [String] = []
    package var targetPath = "target"
    package var logPath = "logs"
    package var packagesInstallPath = "dbt_packages"
    package var cleanTargets: [String] = []
    package var quoting = JSON.Members()
    package var onRunStart: [String] = []
    package var onRunEnd: [String] = []
    package var requireDbtVersion: [String] = []
    package var dispatch: [DispatchRule] = []
    package var queryComment = QueryComment.standard
    package var vars = JSON.Members()
    package var flags = JSON.Members()
    package var restrictAccess = false
    /// Settings that are probably misspelt.
    var warnings: [Manifest.Warning] = []
    /// Keys that it uses and that have newer names.
    package var deprecatedKeys: Set<String> = []
    /// The trees of configuration under `models`, `seeds`, `data_tests` and so on, rendered.
    package var configTrees: [String: ConfigTree] = [:]
    /// Where it stands.
    package var location: SourceLocation

    /// Where macros of a namespace are looked for, instead of the project and then the namespace.
    package struct DispatchRule: Sendable, Hashable {
        package var namespace: String
        package var searchOrder: [String]
    }

    init(name: String, location: SourceLocation) {
        self.name = name
        self.location = location
    }

    /// All folders that may hold descriptions: `docs-paths`, or all folders of resources.
    var allDocsPaths: [String] { docsPaths ?? allSourcePaths }

    /// The folders in which schema files may stand.
    var allSourcePaths: [String] {
        var seen: Set<String> = []
        return (modelPaths + seedPaths + snapshotPaths + analysisPaths + macroPaths + testPaths + functionPaths)
            .filter { seen.insert($0).inserted }
    }

    /// The tree of configuration for a type of resource.
    func configTree(for type: ResourceType) -> ConfigTree { configTrees[type.configKey] ?? ConfigTree() }
}
