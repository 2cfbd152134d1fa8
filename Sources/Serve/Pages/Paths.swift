import Orchestrate

/// The addresses of things.
enum Paths {
    static func pipeline(_ id: PipelineID) -> String { "/pipelines/\(FormFields.encode(id.rawValue))" }

    static func run(_ id: RunID) -> String { "\(pipeline(id.pipeline))/runs/\(FormFields.encode(id.name))" }

    static func task(_ id: TaskID, of run: RunID) -> String { "\(self.run(run))/tasks/\(FormFields.encode(id.rawValue))" }

    /// Of a thing in the lineage.
    static func node(_ id: String) -> String { "/models/\(FormFields.encode(id))" }

    static func connection(_ name: String) -> String { "/connections/\(FormFields.encode(name))" }

    /// Of a source or a destination.
    static func connector(_ name: String, _ role: ConnectorRole) -> String { "/\(role.rawValue)s/\(FormFields.encode(name))" }

    /// A path of this server that a form wants to return to; home for anything else.
    static func local(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"), !path.contains(where: \.isNewline)
        else { return "/" }
        return path
    }
}
