import Diagnostics
import Jinja
import Postgres

/// Where the server found fault with a statement.
struct StatementPlace {
    var location: SourceLocation?
    /// Lines of source around the place, the statement's as well as the template's.
    var excerpt: [String]

    /// The place of an error in what was sent, as its line with a caret.
    ///
    /// - Parameter position: the server's, in characters from 1.
    static func index(_ position: Int?, in sent: String) -> String.Index? {
        guard let position, position > 0 else { return nil }
        let scalars = sent.unicodeScalars
        return scalars.index(scalars.startIndex, offsetBy: position - 1, limitedBy: scalars.endIndex)
    }

    /// The line that holds an index, with a caret below the column.
    static func located(_ index: String.Index, in text: String, path: String) -> (location: SourceLocation, excerpt: [String]) {
        let before = text[..<index]
        let line = before.utf8.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
        let column = text.distance(from: lineStart, to: index) + 1
        let lineText = text[lineStart...].prefix { !$0.isNewline }
        return (SourceLocation(file: path, line: line, column: column), excerpt(String(lineText), column: column))
    }

    /// A line with a caret below a column. A long line is cut.
    static func excerpt(_ line: String, column: Int) -> [String] {
        let width = 160
        let start = column > width ? column - width / 2 : 0
        let shown = line.dropFirst(start).prefix(width + 40)
        let indent = shown.prefix(column - 1 - start).map { $0 == "\t" ? "\t" : " " }.joined()
        return [String(shown), indent + "^"]
    }
}

extension NodeFailure {
    /// Where the server's error belongs: in the template, else in the compiled file, else in the statement that was sent.
    func place(of error: PostgresError, _ compilation: Compilation?, _ written: String?, _ sent: String) -> StatementPlace? {
        guard let index = StatementPlace.index(error.position, in: sent) else { return nil }
        if let compilation, let place = Self.find(index, of: sent, in: compilation.code) {
            let compiled = compilation.path.map { StatementPlace.located(place, in: compilation.code, path: $0) }
            let offset = compilation.code.utf8.distance(from: compilation.code.startIndex, to: place)
            if let place = self.place(in: compilation.origin(of: offset), compiled: compiled) { return place }
            if let compiled { return StatementPlace(location: compiled.location, excerpt: compiled.excerpt) }
        }
        if let written, let place = Self.find(index, of: sent, in: written) {
            let path = compiler.displayPath("run/" + RunFiles.path(of: node, batch: batch))
            let found = StatementPlace.located(place, in: written, path: path)
            return StatementPlace(location: found.location, excerpt: found.excerpt)
        }
        let (location, excerpt) = StatementPlace.located(index, in: sent, path: "the statement")
        return StatementPlace(
            location: node.location, excerpt: ["in line \(location.line ?? 0) of the statement:"] + excerpt)
    }

    /// The same place in a part of what was sent.
    private static func find(_ index: String.Index, of sent: String, in text: String) -> String.Index? {
        let trimmed = text.trimmingWhitespaceBytes
        guard !trimmed.isEmpty, let range = sent.firstRange(of: trimmed), range.contains(index) || range.upperBound == index,
            let inText = text.firstRange(of: trimmed)
        else { return nil }
        let offset = sent.utf8.distance(from: range.lowerBound, to: index)
        return text.utf8.index(inText.lowerBound, offsetBy: offset)
    }

    /// The place in the template, and the way through macros to what wrote the text.
    private func place(
        in origin: (places: [OutputMap.Place], id: NodeID?), compiled: (location: SourceLocation, excerpt: [String])?
    ) -> StatementPlace? {
        guard let first = origin.places.first else { return nil }
        let owner = origin.id.flatMap { world.manifest?.nodes[$0] } ?? node
        var excerpt: [String] = []
        var location = owner.location
        // The call that a generic test consists of stands in no file.
        if !owner.isGenericTest, let file = first.templateName {
            location = SourceLocation(file: file, line: first.line + world.lineOffset(of: owner), column: first.column)
            excerpt = StatementPlace.excerpt(first.sourceLine ?? "", column: first.column)
        }
        if let id = origin.id { excerpt.append("in the ephemeral \(owner.resourceType.rawValue) \(id)") }
        if origin.places.count > 1, let last = origin.places.last {
            excerpt.append("written by the macro \(last.text)")
            excerpt += StatementPlace.excerpt(last.sourceLine ?? "", column: last.column)
            excerpt += origin.places.dropFirst().dropLast().reversed().map { "called by the macro \($0.text)" }
        }
        if let compiled {
            excerpt.append("in the compiled SQL at \(compiled.location)")
            if !excerpt.contains(compiled.excerpt[0]) { excerpt += compiled.excerpt }
        }
        return StatementPlace(location: location, excerpt: excerpt)
    }
}

extension OutputMap.Place {
    /// The macro and its place, as messages name them.
    fileprivate var text: String { "\(macro ?? "caller") (\(templateName ?? "template"):\(line):\(column))" }
}
