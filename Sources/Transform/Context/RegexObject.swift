import Jinja

/// A compiled pattern of Python's `re`.
final class RegexObject: MethodObject {
    private let pattern: String
    private let regex: Regex<AnyRegexOutput>

    /// - Throws: ``TransformError`` for patterns that do not compile.
    init(_ pattern: String, flags: Int = 0) throws {
        self.pattern = pattern
        do {
            var regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
            if flags & 2 != 0 { regex = regex.ignoresCase() }
            if flags & 8 != 0 { regex = regex.anchorsMatchLineEndings() }
            if flags & 16 != 0 { regex = regex.dotMatchesNewlines() }
            self.regex = regex
        } catch {
            throw TransformError(.compilation, "'\(pattern)' is not a regular expression: \(error)")
        }
    }

    override var typeName: String { "Pattern" }
    override var isTruthy: Bool { true }
    override var repr: String { "re.compile(\(Value.string(pattern).pythonRepr))" }
    override var methods: Set<String> { ["match", "search", "fullmatch", "sub", "findall", "split"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "sub":
            let text = try arguments.string(1, "string", of: method)
            let replacement = try arguments.required(0, "repl", of: method)
            let limit = arguments.value(2, "count")?.intValue ?? 0
            return .string(try replace(in: text, limit: limit, by: replacement, runtime))
        case "findall":
            let text = try arguments.string(0, "string", of: method)
            return .list(
                List(
                    text.matches(of: regex).map { match in
                        let groups = MatchObject(match).groups
                        return groups.isEmpty
                            ? .string(String(text[match.range])) : groups.count == 1 ? groups[0] : .tuple(Tuple(groups))
                    }))
        case "split":
            let text = try arguments.string(0, "string", of: method)
            return .list(List(text.split(separator: regex, omittingEmptySubsequences: false).map { .string(String($0)) }))
        default:
            let text = try arguments.string(0, "string", of: method)
            let match =
                switch method {
                case "match": try regex.prefixMatch(in: text)
                case "fullmatch": try regex.wholeMatch(in: text)
                default: try regex.firstMatch(in: text)
                }
            return match.map { .object(MatchObject($0)) } ?? .none
        }
    }

    private func replace(in text: String, limit: Int, by replacement: Value, _ runtime: Runtime) throws -> String {
        var result = ""
        var end = text.startIndex
        var count = 0
        for match in text.matches(of: regex) {
            if limit > 0, count == limit { break }
            count += 1
            result += text[end..<match.range.lowerBound]
            if let template = replacement.stringValue {
                result += MatchObject(match).expand(template)
            } else {
                result += try runtime.call(replacement, Arguments([.object(MatchObject(match))])).pythonString
            }
            end = match.range.upperBound
        }
        return result + text[end...]
    }
}
