/// The delimiters and whitespace rules of an environment as bytes, in the order in which they are tried.
///
/// A class, so that copying an environment counts one reference for all of it.
final class LexerRules: Sendable {
    /// What begins at a delimiter.
    enum Opening: Sendable {
        case block, variable, comment, lineStatement, lineComment
    }

    let openings: [(opening: Opening, bytes: [UInt8])]
    let blockStart: [UInt8]
    let blockEnd: [UInt8]
    let variableEnd: [UInt8]
    let commentEnd: [UInt8]
    /// The first bytes of ``blockEnd`` and ``variableEnd``.
    let blockEndByte: UInt8
    let variableEndByte: UInt8
    let hasLinePrefixes: Bool
    /// Whether all delimiters are Jinja's own.
    let isStandard: Bool
    let trimsBlocks: Bool
    let stripsLeft: Bool
    /// For each byte, whether a delimiter can begin with it.
    let startsDelimiter: [Bool]

    /// The rules of an environment that changes nothing.
    static let standard = LexerRules(Delimiters(), trimsBlocks: false, stripsLeft: false)

    init(_ delimiters: Delimiters, trimsBlocks: Bool, stripsLeft: Bool) {
        // Longer delimiters first; among equals the order of their names in Jinja, backwards.
        var rules: [(Int, Int, Opening, [UInt8])] = [
            (0, 4, .variable, Array(delimiters.variableStart.utf8)),
            (0, 1, .comment, Array(delimiters.commentStart.utf8)),
            (0, 0, .block, Array(delimiters.blockStart.utf8)),
        ]
        if let prefix = delimiters.lineStatementPrefix { rules.append((0, 3, .lineStatement, Array(prefix.utf8))) }
        if let prefix = delimiters.lineCommentPrefix { rules.append((0, 2, .lineComment, Array(prefix.utf8))) }
        rules.sort { ($0.3.count, $0.1) > ($1.3.count, $1.1) }
        openings = rules.map { ($0.2, $0.3) }
        blockStart = Array(delimiters.blockStart.utf8)
        blockEnd = Array(delimiters.blockEnd.utf8)
        variableEnd = Array(delimiters.variableEnd.utf8)
        blockEndByte = blockEnd.first ?? 0
        variableEndByte = variableEnd.first ?? 0
        commentEnd = Array(delimiters.commentEnd.utf8)
        hasLinePrefixes = rules.count > 3
        isStandard = delimiters == Delimiters()
        self.trimsBlocks = trimsBlocks
        self.stripsLeft = stripsLeft
        var starts = [Bool](repeating: false, count: 256)
        for rule in rules { if let first = rule.3.first { starts[Int(first)] = true } }
        startsDelimiter = starts
    }
}
