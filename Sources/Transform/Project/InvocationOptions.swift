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
    /// `--selector`: the name of an entry of selectors.yml.
    package var selector: String?
    /// A folder with the artifacts of another state of the project, for `state:` selections and `defer`.
    package var state: String?
    /// The state that is deferred to, if not ``state``.
    package var deferState: String?
    /// Whether refs to nodes that are not selected mean the relations of the other state.
    package var defers = false
    /// Whether they do so even where the relation exists here.
    package var favorsState = false
    /// `--sample`.
    package var sample: String?
    /// `--event-time-start` and `--event-time-end`.
    package var eventTimeStart: String?
    package var eventTimeEnd: String?
    /// For `retry`: the batches that the run before has finished and those that are left, by their models.
    package var previousBatches: [NodeID: NodeResult.Batches] = [:]
    /// Whether templates may ask the warehouse while they are compiled only.
    package var introspects = true
    /// Whether compiling puts the SQL of ephemeral models into those that use them.
    package var injectsEphemerals = true
    package var writesArtifacts = true
    package var populatesCache = true
    package var cachesSelectedOnly = false
    package var checksVersion = true
    /// `--warn-error-options`: `error`, `warn` and `silence`, each a list of events' names.
    package var warnErrorOptions = JSON.Members()
    /// Whether events tell of every statement, for logs.
    package var observesStatements = false
    /// What templates see as `flags`, over what the other options say.
    package var flags = JSON.Members()
    /// What artifacts and templates say about the command line. Where it is empty, the other options tell.
    package var argumentsForArtifacts = JSON.Members()
    /// Identifies the run in artifacts and logs.
    package var invocationID = UUID().uuidString.lowercased()
    /// The current time for what depends on the day: the batches of microbatch models and samples.
    package var now: DateTimeStamp?

    /// Which warnings are errors.
    ///
    /// - Throws: ``TransformError`` where ``warnErrorOptions`` makes no sense.
    package func warningPolicy() throws(TransformError) -> WarningPolicy {
        try WarningPolicy(warnError: warnError, options: warnErrorOptions)
    }

    package init(
        projectDirectory: String = FileManager.default.currentDirectoryPath,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.projectDirectory = projectDirectory
        self.environment = environment
    }
}
