/// Python's `pprint`: one line when it fits into 80 columns, else one element per line; dicts sorted by key.
enum PrettyPrinter {
    /// The text of a value.
    static func format(_ value: Value) -> String { format(value, indent: 0, allowance: 0, depth: 0) }

    private static func format(_ value: Value, indent: Int, allowance: Int, depth: Int) -> String {
        let flat = flat(value, depth: depth)
        if Text.length(flat) <= 80 - indent - allowance || depth > 50 { return flat }
        switch value {
        case .list(let list): return sequence(list.items, "[", "]", indent, allowance, depth)
        case .tuple(let tuple): return sequence(tuple.items, "(", tuple.items.count == 1 ? ",)" : ")", indent, allowance, depth)
        case .dict(let dict):
            let pairs = sorted(dict)
            let lines = pairs.enumerated().map { index, pair in
                let key = pair.0.pythonRepr
                let isLast = index == pairs.count - 1
                return key + ": "
                    + format(
                        pair.1, indent: indent + Text.length(key) + 3, allowance: isLast ? allowance + 1 : 1, depth: depth + 1)
            }
            return "{" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "}"
        default: return flat
        }
    }

    private static func sequence(
        _ items: [Value], _ open: String, _ close: String, _ indent: Int, _ allowance: Int, _ depth: Int
    ) -> String {
        let lines = items.enumerated().map { index, item in
            format(item, indent: indent + 1, allowance: index == items.count - 1 ? allowance + 1 : 1, depth: depth + 1)
        }
        return open + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + close
    }

    private static func sorted(_ dict: Dict) -> [(Value, Value)] {
        let keys = (try? Comparison.sorted(dict.keys, reverse: false) { $0 }) ?? dict.keys
        return keys.map { ($0, dict[$0] ?? .none) }
    }

    private static func flat(_ value: Value, depth: Int) -> String {
        guard depth < 100 else { return "..." }
        switch value {
        case .dict(let dict):
            let pairs = sorted(dict).map { "\($0.pythonRepr): \(flat($1, depth: depth + 1))" }
            return "{" + pairs.joined(separator: ", ") + "}"
        case .list(let list): return "[" + list.items.map { flat($0, depth: depth + 1) }.joined(separator: ", ") + "]"
        case .tuple(let tuple):
            return "(" + tuple.items.map { flat($0, depth: depth + 1) }.joined(separator: ", ")
                + (tuple.items.count == 1 ? ",)" : ")")
        default: return value.pythonRepr
        }
    }
}
