import Documents

/// What run_results.json says about the run before.
package struct PreviousRun: Sendable {
    /// dbt's name of the command: `run`.
    package var command: String
    /// The words of its command line, where they are known.
    package var words: [String]?
    /// The nodes that failed or were skipped.
    package var unfinished: Set<NodeID>

    /// Reads the results in the folder of `--state`, else in the project's target folder.
    ///
    /// - Throws: ``TransformError`` where there are none.
    package static func read(from options: InvocationOptions) throws -> PreviousRun {
        let project = ProjectFileSystem.absolute(options.projectDirectory)
        let outline = ProjectOutline(folder: project)
        let target = options.targetPath ?? options.environment["DBT_TARGET_PATH"] ?? outline?.targetPath ?? "target"
        let folder = options.state.map(ProjectFileSystem.absolute) ?? ProjectFileSystem.resolve(target, in: project)
        let path = folder + "/run_results.json"
        guard ProjectFileSystem.exists(path) else {
            throw TransformError(
                .selector, "Could not find previous run in '\(folder)' target directory", hint: "run a command first")
        }
        let document = try JSON(parsing: try ProjectFileSystem.bytes(of: path), file: path)
        let statuses: Set<String> = ["error", "fail", "skipped", "runtime error", "partial success"]
        let unfinished = (document["results"]?.array ?? []).filter { statuses.contains($0["status"]?.string ?? "") }
            .compactMap { $0["unique_id"]?.string.map { NodeID($0) } }
        let text = document["args"]?["invocation_command"]?.string
        return PreviousRun(
            command: document["args"]?["which"]?.string ?? "", words: Self.words(of: text), unfinished: Set(unfinished))
    }

    /// A command line without what needs quoting can be taken apart at its spaces.
    private static func words(of command: String?) -> [String]? {
        guard let command, command.hasPrefix("dbt "), !command.contains(where: { "'\"{".contains($0) }) else { return nil }
        return command.dropFirst(4).split(separator: " ").map(String.init)
    }
}
