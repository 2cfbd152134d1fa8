package import Documents
import Foundation

/// What the command line says about one invocation.
package struct InvocationOptions: Sendable {
    /// The folder of dbt_project.yml.
    package var projectDirectory: String
    /// Where to look for profiles.yml, instead of the usual places.
    package var profilesDirectory: String?
    /// The profile to use instead of the project's.
    package var profile: String?
    /// The target to use instead of the profile's.
    package var target: String?
    /// `--vars`.
    package var vars = JSON.Members()
    /// How many nodes run at a time, instead of the profile's number.
    package var threads: Int?
    package var select: [String] = []
    package var exclude: [String] = []
    package var resourceTypes: Set<ResourceType> = []
    package var excludedResourceTypes: Set<ResourceType> = []
    package var indirectSelection: IndirectSelection = .eager
    package var fullRefresh = false
    package var storeFailures = false
    package var empty = false
    /// Stop at the first failure.
    package var failFast = false
    /// Warnings fail the invocation.
    package var warnError = false
    /// Where compiled files and artifacts go, relative to the project; the project's `target-path` otherwise.
    package var targetPath: String?
    /// dbt's name of the command: `build`, `run`, `test` ...
    package var command = "build"
    /// The words after the program's name, for `invocation_args_dict` and run_results.json.
    package var arguments: [String] = []
    package var environment: [String: String]
    package var quiet = false

    package init(
        projectDirectory: String = FileManager.default.currentDirectoryPath,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.projectDirectory = projectDirectory
        self.environment = environment
    }
}
