import Orchestrate

/// The addresses of things.
enum Paths {
    static func pipeline(_ id: PipelineID) -> String { "/pipelines/\(FormFields.encode(id.rawValue))" }

    static func run(_ id: RunID) -> String { "\(pipeline(id.pipeline))/runs/\(FormFields.encode(id.name))" }

    static func task(_ id: TaskID, of run: RunID) -> String { "\(self.run(run))/tasks/\(FormFields.encode(id.rawValue))" }

    /// Of a thing in the lineage.
    static func node(_ id: String) -> String { "/models/\(FormFields.encode(id))" }

    static func connection(_ name: String) -> String { "/connections/\(part(name))" }

    /// Of a source or a destination.
    static func connector(_ name: String, _ role: ConnectorRole) -> String { "/\(role.rawValue)s/\(part(name))" }

    /// A name as a part of a path. Where the part would mean one of our own pages (`/connections/new`), its first letter is encoded:
    /// that is the same name, and another address.
    private static func part(_ name: String) -> String {
        guard ["new", "test"].contains(name), let first = name.utf8.first else { return FormFields.encode(name) }
        return "%\(String(first, radix: 16))\(name.dropFirst())"
    }

    /// A path of this server that a form wants to return to; home for anything else.
    static func local(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"), !path.contains(where: \.isNewline)
        else { return "/" }
        return path
    }
}
