/// Makes random templates that are well formed, mostly.
struct FuzzGenerator {
    var dice: FuzzDice
    private var depth = 0

    init(dice: FuzzDice) { self.dice = dice }

    /// A template.
    mutating func template() -> String {
        depth = 0
        return body(1 + dice.below(4))
    }

    private mutating func body(_ count: Int) -> String { (0..<count).map { _ in statement() }.joined() }

    private mutating func statement() -> String {
        depth += 1
        defer { depth -= 1 }
        if depth > 4 { return output() }
        let (open, close) = (dice.pick(["{%", "{%-", "{%+"]), dice.pick(["%}", "-%}"]))
        func tag(_ text: String) -> String { "\(open) \(text) \(close)" }
        switch dice.below(16) {
        case 0, 1:
            let condition = dice.oneIn(4) ? " if \(expression())" : ""
            let otherwise = dice.oneIn(3) ? tag("else") + body(1) : ""
            let jump = dice.oneIn(6) ? "{% if \(expression()) %}\(tag(dice.pick(["break", "continue"]))){% endif %}" : ""
            return tag("for \(target()) in \(sequence())\(condition)") + body(2) + jump + otherwise + tag("endfor")
        case 2, 3:
            let other = dice.oneIn(3) ? tag("elif \(expression())") + body(1) : ""
            return tag("if \(expression())") + body(1) + other + tag("else") + body(1) + tag("endif")
        case 4, 5: return tag("set \(name()) = \(expression())")
        case 6: return tag("set \(name())\(dice.oneIn(3) ? " | upper" : "")") + body(1) + tag("endset")
        case 7: return tag("with \(name()) = \(expression())") + body(2) + tag("endwith")
        case 8:
            let macro = dice.pick(["m", "n"])
            return tag("macro \(macro)(a, b=\(expression()))") + body(2) + tag("endmacro") + "{{ \(macro)(\(expression())) }}"
        case 9:
            return tag("filter \(dice.pick(["upper", "trim", "replace('a', 'b')", "indent(2)"]))") + body(1) + tag("endfilter")
        case 10: return "{# \(text()) #}"
        case 11: return tag("do l.append(\(expression()))")
        case 12: return tag("set ns.v = \(expression())") + "{{ ns.v }}"
        default: return dice.oneIn(3) ? text() : output()
        }
    }

    private mutating func output() -> String {
        let (open, close) = (dice.pick(["{{", "{{-"]), dice.pick(["}}", "-}}"]))
        return "\(text())\(open) \(expression()) \(close)"
    }

    private mutating func text() -> String { dice.pick(["", " ", "a", "\n", "  x\n", "é<", "\t;", "b b"]) }
    private mutating func name() -> String { dice.pick(["x", "y", "z", "i", "s", "l", "d"]) }
    private mutating func target() -> String { dice.oneIn(5) ? "x, y" : dice.pick(["i", "x", "k"]) }

    private mutating func sequence() -> String {
        dice.pick(["range(3)", "[1, 2, 'a']", "l", "d", "d.items()", "s", "[]", "(1, none)", "[[1, 2], (3, 4)]", expression()])
    }

    private mutating func expression() -> String {
        depth += 1
        defer { depth -= 1 }
        if depth > 6 { return atom() }
        switch dice.below(14) {
        case 0: return "\(expression()) \(dice.pick(["+", "-", "*", "/", "//", "%", "~"])) \(expression())"
        case 1: return "\(expression()) \(dice.pick(["==", "!=", "<", ">", "<=", ">=", "in", "not in"])) \(expression())"
        case 2: return "\(expression()) \(dice.pick(["and", "or"])) \(expression())"
        case 3: return "not \(expression())"
        case 4: return "(\(expression()) if \(expression()) else \(expression()))"
        case 5, 6: return "\(expression()) | \(filter())"
        case 7: return "\(atom()) is \(dice.oneIn(4) ? "not " : "")\(test())"
        case 8: return "\(atom())[\(expression())]"
        case 9: return "\(atom()).\(method())"
        case 10: return "[\(expression()), \(expression())]"
        case 11: return "(\(expression()))"
        case 12: return "\(atom())[\(dice.pick(["1:", ":2", "::2", "-1:", "::-1", "1:2"]))]"
        default: return atom()
        }
    }

    private mutating func atom() -> String {
        dice.pick([
            "0", "1", "7", "-3", "2.5", "1e3", "'a'", "'b c'", "\"é\"", "''", "true", "none", "x", "y", "i", "l", "d", "s", "n1",
            "d.k", "d['j']", "loop.index", "loop.last", "missing", "[3, 1, 2]", "{'p': 1}", "(1, 2)", "l[0]", "9999999999999",
        ])
    }

    private mutating func filter() -> String {
        dice.pick([
            "upper", "lower", "title", "capitalize", "trim", "length", "string", "int", "float", "list", "first", "last", "sort",
            "reverse", "join(',')", "default('q')", "replace('a', 'zz')", "abs", "round(1)", "sum", "unique | list", "min", "max",
            "map('upper') | list", "select | list", "reject('none') | list", "batch(2) | list", "tojson", "e", "center(9)",
            "truncate(4)", "wordcount", "indent", "items | list", "dictsort", "format(1)", "slice(2) | list", "urlencode",
            "striptags", "wordwrap(3)", "xmlattr", "pprint", "filesizeformat", "map(attribute='k') | list",
            "groupby(0)", "d(1, true)", "attr('k')", "count", "safe", "forceescape",
        ])
    }

    private mutating func test() -> String {
        dice.pick([
            "defined", "none", "number", "string", "mapping", "sequence", "iterable", "odd", "even", "divisibleby(2)", "true",
            "integer", "float", "boolean", "callable", "eq(1)", "in([1, 'a'])", "lower", "upper", "sameas(none)", "undefined",
        ])
    }

    private mutating func method() -> String {
        dice.pick([
            "upper()", "split()", "split(',')", "strip()", "replace('a', 'b')", "startswith('a')", "join(['a', 'b'])", "items()",
            "keys() | list", "get('k', 1)", "title()", "count('a')", "index(1)", "format(1, 2)", "zfill(5)", "center(5)",
            "rsplit(' ', 1)", "partition('a')", "isdigit()", "find('b')", "swapcase()", "ljust(4)", "copy()", "nope", "k",
            "splitlines()", "encode", "islower()", "expandtabs(2)", "casefold()", "removeprefix('a')",
        ])
    }
}
