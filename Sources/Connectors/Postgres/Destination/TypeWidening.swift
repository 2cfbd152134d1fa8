/// Which changes of a column's type keep every value that the column may hold.
///
/// Those are done in place; a column that is changed otherwise is read anew from the source.
enum TypeWidening {
    /// - Parameters: types as `format_type` writes them: `character varying(20)`, `numeric(12,2)`, `integer`.
    static func keepsValues(from old: String, to new: String) -> Bool {
        let (old, new) = (Parts(old), Parts(new))
        // The same type without a limit of its length or of its digits.
        if old.base == new.base, new.numbers.isEmpty { return true }
        switch new.base {
        // Every type has a text form that gives the value back; but padding of `character` is none of the value.
        case "text": return !old.base.hasPrefix("character(")
        case "character varying":
            guard old.base == "character varying" || old.base == "text" else { return false }
            return new.numbers.isEmpty || old.base == new.base && !old.numbers.isEmpty && old.numbers[0] <= new.numbers[0]
        case "integer": return old.base == "smallint"
        case "bigint": return ["smallint", "integer"].contains(old.base)
        case "numeric": return numeric(old, new)
        case "double precision": return ["real", "smallint", "integer"].contains(old.base)
        case "timestamp without time zone": return old.base == "date" && (new.numbers.isEmpty || new.numbers == [6])
        default: return old == new
        }
    }

    /// A limit of precision and scale holds what another held if it has room on both sides of the point.
    private static func numeric(_ old: Parts, _ new: Parts) -> Bool {
        let digits = ["smallint": 5, "integer": 10, "bigint": 19]
        guard !new.numbers.isEmpty else { return old.base == "numeric" || digits[old.base] != nil }
        let scale = new.numbers.count > 1 ? new.numbers[1] : 0
        let whole = new.numbers[0] - scale
        if let needed = digits[old.base] { return whole >= needed }
        guard old.base == "numeric", !old.numbers.isEmpty else { return false }
        let oldScale = old.numbers.count > 1 ? old.numbers[1] : 0
        return scale >= oldScale && whole >= old.numbers[0] - oldScale
    }

    /// `timestamp(3) without time zone` in parts: the name without its limits, and the limits.
    private struct Parts: Hashable {
        var base: String
        var numbers: [Int] = []

        init(_ type: String) {
            guard let open = type.firstIndex(of: "("), let close = type[open...].firstIndex(of: ")") else {
                base = type
                return
            }
            let inside = type[type.index(after: open)..<close]
            let found = inside.split(separator: ",").map { Int($0) }
            guard found.allSatisfy({ $0 != nil }), !type.hasPrefix("character(") else {
                base = type
                return
            }
            numbers = found.compactMap(\.self)
            var name = type
            name.removeSubrange(open...close)
            base = name
        }
    }
}
