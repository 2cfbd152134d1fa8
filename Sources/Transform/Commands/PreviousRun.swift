package import Documents

/// What run_results.json says about the run before.
package struct PreviousRun: Sendable {
    /// dbt's name of the command: `run`.
    package var command: String
    /// The options that its command line gave, by their keys, as `args` has them.
    package var arguments: JSON.Members
    /// The nodes that failed or were skipped.
    package var unfinished: Set<NodeID>
    /// The batches of microbatch models of which some failed and some did not.
    package var batches: [NodeID: NodeResult.Batches]

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
        return PreviousRun(
            command: document["args"]?["which"]?.string ?? "", arguments: document["args"]?.object ?? JSON.Members(),
            unfinished: Set(unfinished), batches: batches(document["results"]?.array ?? []))
    }

    private static func batches(_ results: [JSON]) -> [NodeID: NodeResult.Batches] {
        func bounds(_ list: JSON?) -> [NodeResult.Batches.Bounds] {
            (list?.array ?? []).compactMap { pair in
                guard let start = pair[0]?.string, let end = pair[1]?.string else { return nil }
                return .init(start: start, end: end)
            }
        }
        var found: [NodeID: NodeResult.Batches] = [:]
        for result in results {
            guard let id = result["unique_id"]?.string, let batches = result["batch_results"] else { continue }
            let successful = bounds(batches["successful"])
            let failed = bounds(batches["failed"])
            if !successful.isEmpty, !failed.isEmpty { found[NodeID(id)] = .init(successful: successful, failed: failed) }
        }
        return found
    }
}
