import Orchestrate

/// The addresses of things.
enum Paths {
    static func pipeline(_ id: PipelineID) -> String { "/pipelines/\(FormFields.encode(id.rawValue))" }

    static func run(_ id: RunID) -> String { "\(pipeline(id.pipeline))/runs/\(FormFields.encode(id.name))" }

    static func task(_ id: TaskID, of run: RunID) -> String { "\(self.run(run))/tasks/\(FormFields.encode(id.rawValue))" }

    /// A path of this server that a form wants to return to; home for anything else.
    static func local(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"), !path.contains(where: \.isNewline)
        else { return "/" }
        return path
    }
}
