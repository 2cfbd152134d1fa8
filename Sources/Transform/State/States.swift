/// The other states of the project that an invocation knows of.
struct States: Sendable {
    /// What `state:` selections compare with.
    var previous: ProjectState?
    var deferral: Deferral?
    /// What this project's own target folder holds, for `source_status:` selections.
    var current: ProjectState?
    /// Something that is allowed and seldom meant.
    var warning: String?

    init() {}

    /// Reads what the command line names.
    ///
    /// - Throws: ``TransformError`` where it wants to defer and names no state, or the state's artifacts are not there.
    init(_ options: InvocationOptions, targetFolder: String, folder: String) throws {
        func absolute(_ path: String) -> String { ProjectFileSystem.absolute(path) }
        let wantsDeferral = options.defers || options.command == Command.clone.rawValue
        if let path = options.state {
            previous = try ProjectState(folder: absolute(path))
            if absolute(path) == targetFolder {
                warning =
                    "The state and target directories are the same: '\(path)'. This could lead to missing changes due to "
                    + "overwritten state including non-idempotent retries."
            }
        }
        if wantsDeferral {
            let other = try options.deferState.map { try ProjectState(folder: absolute($0)) } ?? previous
            guard let other else {
                throw TransformError(
                    .selector, "--state or --defer-state are required for deferral, but neither was provided")
            }
            guard other.hasManifest else {
                throw TransformError(
                    .selector, "Could not find manifest in --state path: '\(other.folder)'",
                    hint: "put the artifacts of a run there")
            }
            deferral = Deferral(state: other, favorsState: options.favorsState)
        }
        if previous?.freshness.isEmpty == false {
            current = try ProjectState(folder: targetFolder)
        }
    }
}
