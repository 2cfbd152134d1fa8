import Diagnostics
import Jinja
import Postgres

/// Says what went wrong with a node, and where.
struct NodeFailure {
    let node: Node
    let world: RenderWorld
    let compiler: NodeCompiler

    /// The error with its place: in the template, or in the compiled file where the database complained.
    ///
    /// - Parameters:
    ///   - written: what stands in the file under target/run.
    ///   - sent: the statement that failed, with its comment.
    func describe(_ error: any Error, compilation: Compilation?, written: String?, sent: String) -> TransformError {
        guard let database = Self.databaseError(in: error) else {
            var own = TransformError(template: error)
            own.location = own.location ?? node.location
            // The call that a generic test consists of stands in no file: its place is that in the schema file.
            if node.isGenericTest, own.location?.file == node.name { own.location = node.location }
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
            result.location = compilation?.path.map { SourceLocation(file: $0) } ?? node.location
            return result
        }
        result.location = place.location
        result.details.insert(contentsOf: place.excerpt, at: 0)
        return result
    }

    /// The message as dbt words it.
    func message(_ error: TransformError) -> String {
        "\(error.dbtTitle) in \(node.resourceType.rawValue) \(node.name) (\(node.originalPath))\n" + error.indentedText
    }

    /// The error of a macro that no node belongs to.
    static func describe(operation error: any Error, sent: String) -> TransformError {
        guard let database = databaseError(in: error) else { return TransformError(template: error) }
        var result = TransformError(.database, database.message, hint: database.hint, details: database.details)
        if let position = database.position, position > 0,
            let index = sent.unicodeScalars.index(
                sent.unicodeScalars.startIndex, offsetBy: position - 1, limitedBy: sent.unicodeScalars.endIndex)
        {
            let (location, excerpt) = located(index, in: sent, path: "the statement")
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

    private func place(
        of error: PostgresError, _ compilation: Compilation?, _ written: String?, _ sent: String
    ) -> (location: SourceLocation, excerpt: [String])? {
        guard let position = error.position, position > 0 else { return nil }
        let scalars = sent.unicodeScalars
        guard let index = scalars.index(scalars.startIndex, offsetBy: position - 1, limitedBy: scalars.endIndex) else {
            return nil
        }
        let candidates: [(text: String, path: String)] = [
            compilation.flatMap { compilation in compilation.path.map { (compilation.code, $0) } },
            written.map { ($0, compiler.displayPath("run/" + RunFiles.path(of: node))) },
        ].compactMap { $0 }
        for (text, path) in candidates {
            let trimmed = text.trimmingWhitespaceBytes
            guard !trimmed.isEmpty, let range = sent.firstRange(of: trimmed), range.contains(index),
                let inText = text.firstRange(of: trimmed)
            else { continue }
            let offset = sent.unicodeScalars.distance(from: range.lowerBound, to: index)
            let place = text.unicodeScalars.index(inText.lowerBound, offsetBy: offset)
            return Self.located(place, in: text, path: path)
        }
        let (location, excerpt) = Self.located(index, in: sent, path: "the statement")
        return (node.location, ["in line \(location.line ?? 0) of the statement:"] + excerpt)
    }

    private static func located(_ index: String.Index, in text: String, path: String) -> (SourceLocation, [String]) {
        let before = text[..<index]
        let line = before.utf8.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
        let column = text.distance(from: lineStart, to: index) + 1
        let lineText = text[lineStart...].prefix { !$0.isNewline }
        let indent = lineText.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        return (SourceLocation(file: path, line: line, column: column), [String(lineText), indent + "^"])
    }
}
