import Diagnostics
import Jinja
import Postgres

/// Says what went wrong with a node, and where.
struct NodeFailure {
    let node: Node
    let world: RenderWorld
    let compiler: NodeCompiler
    /// The label of the batch that failed, of a microbatch model.
    var batch: String?

    /// The error with its place: in the template, also where the database complained of what became of it.
    ///
    /// - Parameters:
    ///   - written: what stands in the file under target/run.
    ///   - sent: the statement that failed, with its comment.
    func describe(_ error: any Error, compilation: Compilation?, written: String?, sent: String) -> TransformError {
        guard let database = Self.databaseError(in: error) else {
            var own = TransformError(template: error)
            place(&own)
            own.hint = own.hint ?? argumentHint(own.message)
            if let name = Self.undefinedName(in: error) {
                let macros = world.macros.all.filter { $0.package == node.packageName || $0.package == world.root.name }
                let known = macros.map(\.name) + world.macros.packages.keys
                if let hint = Suggestion.hint(for: name, in: known.sorted()) { own.hint = hint }
            }
            return own
        }
        var result = TransformError(.database, database.message, hint: database.hint, details: database.details)
        if let template = error as? TemplateError { result.details += template.macroChain.map { "called by \($0)" } }
        guard let place = place(of: database, compilation, written, sent) else {
            result.location = node.location
            // Where the server names no place, the statement tells more, unless it is that of the node.
            if let compilation, sent.contains(compilation.code.trimmingWhitespaceBytes) {
                result.details += compilation.path.map { ["in the compiled SQL at \($0)"] } ?? []
            } else {
                result.details += Self.excerpt(of: sent)
            }
            return result
        }
        result.location = place.location
        result.details.insert(contentsOf: place.excerpt, at: 0)
        return result
    }

    /// Puts the place of an error into a file of the user.
    private func place(_ error: inout TransformError) {
        guard let location = error.location else {
            error.location = node.location
            return
        }
        if location.file == world.displayPath(of: node), let line = location.line, node.test == nil {
            error.location?.line = line + world.lineOffset(of: node)
        } else if node.isGenericTest, location.file == node.name {
            // The call that a generic test consists of stands in no file: its place is that in the schema file.
            error.location = node.location
        } else if MacroLibrary.builtInPackages.contains(where: { location.file.hasPrefix($0 + "/macros/") }) {
            error.details.append("in the built-in macro at \(location)")
            error.location = node.location
        }
    }

    /// What arguments a macro takes that was called with others.
    private func argumentHint(_ message: String) -> String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts[0] == "macro ", parts[2].hasPrefix(" takes n"),
            let macro = world.macros.macro(named: parts[1], from: node.packageName),
            let definition = try? macro.file.definition(named: parts[1])
        else { return nil }
        let names = definition.parameters.map(\.name)
        guard !names.isEmpty else { return "it takes no arguments" }
        return (parts.count > 3 ? Suggestion.hint(for: parts[3], in: names) : nil)
            ?? "its arguments: \(names.joined(separator: ", "))"
    }

    /// The first lines of a statement.
    private static func excerpt(of statement: String) -> [String] {
        let lines = statement.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { return [] }
        return ["in the statement:"] + lines.prefix(5).map { String($0.prefix(200)) } + (lines.count > 5 ? ["..."] : [])
    }

    /// The message as dbt words it.
    func message(_ error: TransformError) -> String {
        "\(error.dbtTitle) in \(node.resourceType.rawValue) \(node.name) (\(node.originalPath))\n" + error.indentedText
    }

    /// The error of a macro that no node belongs to.
    static func describe(operation error: any Error, sent: String) -> TransformError {
        guard let database = databaseError(in: error) else { return TransformError(template: error) }
        var result = TransformError(.database, database.message, hint: database.hint, details: database.details)
        if let index = StatementPlace.index(database.position, in: sent) {
            let (location, excerpt) = StatementPlace.located(index, in: sent, path: "the statement")
            result.details += ["in line \(location.line ?? 0) of the statement:"] + excerpt
        }
        if let template = error as? TemplateError { result.details += template.macroChain.map { "called by \($0)" } }
        return result
    }

    /// The name in `'cents' is undefined`.
    private static func undefinedName(in error: any Error) -> String? {
        guard let failure = error as? TemplateError, failure.kind == .undefined else { return nil }
        let parts = failure.message.split(separator: "'", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[2] == " is undefined" ? String(parts[1]) : nil
    }

    /// The server's error in what macros and templates have wrapped around it.
    static func databaseError(in error: any Error) -> PostgresError? {
        if let error = error as? PostgresError { return error }
        return (error as? TemplateError)?.underlying.flatMap(databaseError)
    }
}
