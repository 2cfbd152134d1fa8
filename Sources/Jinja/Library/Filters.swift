/// The filters of Jinja 3.1.
enum Filters {
    /// All of them by name.
    static let standard: [String: FunctionEntry<FilterBox>] = {
        var all = generic
        for group in [text, numbers, sequences, selection, html] { all.merge(group) { _, new in new } }
        return all.reduce(into: [:]) { result, entry in
            let (name, filter) = entry
            result[name] = FunctionEntry(
                filter, checked: checked(name, filter), parameters: parameters[name],
                isPure: !contextual.contains(name), elementKind: ElementFilter.Kind(rawValue: name))
        }
    }()

    /// The filters whose result is another each time, or that apply functions of the environment.
    private static let contextual: Set<String> = ["random", "map", "select", "reject", "selectattr", "rejectattr"]

    /// The filter with a check of its arguments.
    private static func checked(_ name: String, _ filter: FilterBox) -> FilterBox {
        guard let parameters = parameters[name] else { return filter }
        return FilterBox { value, arguments, runtime in
            if arguments.count > 0 { try arguments.check(parameters, of: name) }
            return try filter.body(value, arguments, runtime)
        }
    }

    /// The parameters of the filters that take a fixed number of them.
    private static let parameters: [String: [String]] = [
        "abs": [], "attr": ["name"], "batch": ["linecount", "fill_with"], "capitalize": [], "center": ["width"], "count": [],
        "d": ["default_value", "boolean"], "default": ["default_value", "boolean"],
        "dictsort": ["case_sensitive", "by", "reverse"], "e": [], "escape": [], "filesizeformat": ["binary"], "first": [],
        "float": ["default"], "forceescape": [], "groupby": ["attribute", "default", "case_sensitive"],
        "indent": ["width", "first", "blank"], "int": ["default", "base"], "items": [], "join": ["d", "attribute"], "last": [],
        "length": [], "list": [], "lower": [], "max": ["case_sensitive", "attribute"], "min": ["case_sensitive", "attribute"],
        "pprint": [], "random": [], "replace": ["old", "new", "count"], "reverse": [], "round": ["precision", "method"],
        "safe": [], "slice": ["slices", "fill_with"], "sort": ["reverse", "case_sensitive", "attribute"], "string": [],
        "striptags": [], "sum": ["attribute", "start"], "title": [], "tojson": ["indent"], "trim": ["chars"],
        "truncate": ["length", "killwords", "end", "leeway"], "unique": ["case_sensitive", "attribute"], "upper": [],
        "urlencode": [], "urlize": ["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"], "wordcount": [],
        "wordwrap": ["width", "break_long_words", "wrapstring", "break_on_hyphens"], "xmlattr": ["autospace"],
    ]

    /// Filters for any value.
    private static let generic: [String: FilterBox] = [
        "default": .init(setDefault), "d": .init(setDefault),
        "attr": .init { value, arguments, runtime in
            let name = try arguments.string(0, "name", of: "attr")
            return try runtime.pythonAttribute(of: value, named: name)
        },
        "length": .init { value, _, _ in .int(try value.length()) },
        "count": .init { value, _, _ in .int(try value.length()) },
        "string": .init { value, _, _ in value.isMarkup ? value : .string(try value.text()) },
        "pprint": .init { value, _, _ in
            switch value {
            // So that what has no end of text is found out before.
            case .list, .tuple, .dict, .set: _ = try value.text()
            default: break
            }
            return .string(PrettyPrinter.format(value))
        },
        "tojson": .init { value, arguments, _ in
            let indent = arguments.value(0, "indent")?.intValue
            return .markup(JSONText.htmlSafe(try JSONText.write(value, indent: indent, sortsKeys: true)))
        },
    ]

    private static let setDefault: Filter = { value, arguments, _ in
        let isMissing = try value.isUndefined || (arguments.bool(1, "boolean", default: false) && !value.truth())
        return isMissing ? arguments.value(0, "default_value") ?? "" : value
    }
}
