/// The filters of Jinja 3.1.
enum Filters {
    /// All of them by name.
    static let standard: [String: Filter] = [text, numbers, sequences, selection, html, generic].reduce(into: [:]) {
        $0.merge($1) { _, new in new }
    }

    /// Filters for any value.
    private static let generic: [String: Filter] = [
        "default": setDefault, "d": setDefault,
        "attr": { value, arguments, runtime in
            let name = try arguments.string(0, "name", of: "attr")
            switch value {
            case .undefined(let undefined): return try undefined.attribute(name)
            case .object(let object):
                if let result = try object.attribute(name, runtime) { return result }
            case .tuple(let tuple):
                if let element = tuple.element(named: name) { return element }
            default: break
            }
            if let method = Method.named[name], Methods.supports(method, value) {
                return .object(BoundMethod(of: value, name))
            }
            return runtime.undefined(.attribute(name, of: value.describedType))
        },
        "length": { value, _, _ in .int(try value.length()) },
        "count": { value, _, _ in .int(try value.length()) },
        "string": { value, _, _ in value.isMarkup ? value : .string(try value.text()) },
        "pprint": { value, _, _ in .string(PrettyPrinter.format(value)) },
        "tojson": { value, arguments, _ in
            let indent = arguments.value(0, "indent")?.intValue
            return .markup(JSONText.htmlSafe(try JSONText.write(value, indent: indent, sortsKeys: true)))
        },
    ]

    private static let setDefault: Filter = { value, arguments, _ in
        let isMissing = try value.isUndefined || (arguments.bool(1, "boolean", default: false) && !value.truth())
        return isMissing ? arguments.value(0, "default_value") ?? "" : value
    }
}
