import Jinja

/// What a pattern of `re` found.
final class MatchObject: MethodObject {
    private let match: Regex<AnyRegexOutput>.Match

    init(_ match: Regex<AnyRegexOutput>.Match) { self.match = match }

    override var typeName: String { "Match" }
    override var isTruthy: Bool { true }
    override var methods: Set<String> { ["group", "groups", "start", "end", "span", "groupdict"] }

    /// The groups without the whole match.
    var groups: [Value] { match.output.dropFirst().map { Value(optional: $0.substring.map(String.init)) } }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? { group(key) }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "groups": return .tuple(Tuple(groups))
        case "groupdict":
            return .dict(
                Dict(
                    match.output.compactMap { group in
                        group.name.map { (.string($0), Value(optional: group.substring.map(String.init))) }
                    }))
        case "start", "end", "span":
            let base = match.output[0].range
            guard let range = base, let whole = match.output[0].substring?.base else { return .int(0) }
            let start = whole.unicodeScalars.distance(from: whole.startIndex, to: range.lowerBound)
            let end = whole.unicodeScalars.distance(from: whole.startIndex, to: range.upperBound)
            return method == "start" ? .int(start) : method == "end" ? .int(end) : .tuple(Tuple([.int(start), .int(end)]))
        default:
            if arguments.positional.count > 1 { return .tuple(Tuple(arguments.positional.map { group($0) ?? .none })) }
            return group(arguments.positional.first ?? 0) ?? .none
        }
    }

    private func group(_ key: Value) -> Value? {
        if let index = key.intValue {
            guard index >= 0, index < match.output.count else { return nil }
            return Value(optional: match.output[index].substring.map(String.init))
        }
        guard let name = key.stringValue, let found = match.output.first(where: { $0.name == name }) else { return nil }
        return Value(optional: found.substring.map(String.init))
    }

    /// Puts groups in the place of `\1` and `\g<name>`.
    func expand(_ template: String) -> String {
        var result = ""
        var rest = Substring(template)
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.popFirst() else {
                result.append(character)
                continue
            }
            switch next {
            case "0"..."9": result += group(.int(next.wholeNumberValue ?? 0))?.stringValue ?? ""
            case "g":
                let name = rest.dropFirst().prefix { $0 != ">" }
                rest = rest.dropFirst(name.count + 2)
                result += (Int(name).map { group(.int($0)) } ?? group(.string(String(name))))?.stringValue ?? ""
            case "n": result += "\n"
            case "t": result += "\t"
            default: result += "\\" + String(next)
            }
        }
        return result
    }
}
