import Documents

/// What templates see that have nothing to do with a node: those in YAML files, and the common part of all others.
struct StaticScope: Sendable {
    var variables = Variables()
    var environment: [String: String] = [:]
    /// The package whose variables count.
    var package: String?
    /// `target`; nil while the profile is not known yet.
    var target: JSON.Members?
    /// Whether secrets (`DBT_ENV_SECRET_...`) may be read: in profiles and package lists.
    var allowsSecrets = false
    /// Whether a missing variable is an error; while models are parsed it is not.
    var requiresVariables = true
    var invocation = Invocation()
    /// Where `log()` and `print()` go.
    var log: @Sendable (LogMessage) -> Void = { _ in }

    static let secretPrefix = "DBT_ENV_SECRET"

    /// The variables whose names begin with DBT_ENV_CUSTOM_ENV_, without it: what artifacts say about the environment.
    var metadataEnvironment: JSON {
        let prefixes = ["DBT_ENGINE_ENV_CUSTOM_ENV_", "DBT_ENV_CUSTOM_ENV_"]
        let found = environment.sorted { $0.key < $1.key }.compactMap { name, value in
            prefixes.first { name.hasPrefix($0) }.map { (String(name.dropFirst($0.count)), JSON.string(value)) }
        }
        return .object(JSON.Members(found))
    }
}
