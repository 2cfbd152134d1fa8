extension Filters {
    /// Filters for HTML and URLs.
    static let html: [String: FilterBox] = [
        "escape": .init { value, _, _ in .markup(try Escaping.escaped(value)) },
        "e": .init { value, _, _ in .markup(try Escaping.escaped(value)) },
        "forceescape": .init { value, _, _ in .markup(Escaping.escape(try value.text())) },
        "safe": .init { value, _, _ in .markup(try value.text()) },
        "striptags": .init { value, _, _ in .string(Markup.stripTags(try value.text())) },
        "urlencode": .init { value, _, runtime in
            if !value.isString {
                let pairs: [(Value, Value)]?
                if let found = try value.mappingPairs(runtime) {
                    pairs = found
                } else {
                    pairs =
                        value.isIterable
                        ? try value.iterate().map { pair in
                            let parts = try pair.iterate()
                            guard parts.count == 2 else {
                                throw TemplateError.value("not enough values to unpack (expected 2, got \(parts.count))")
                            }
                            return (parts[0], parts[1])
                        } : nil
                }
                if let pairs {
                    return .string(
                        try pairs.map {
                            URLText.quote(try $0.text(), forQuery: true) + "=" + URLText.quote(try $1.text(), forQuery: true)
                        }
                        .joined(separator: "&"))
                }
            }
            return .string(URLText.quote(try value.text(), forQuery: false))
        },
        "urlize": .init { value, arguments, runtime in
            let options = Urlizer(
                limit: arguments.value(0, "trim_url_limit")?.intValue,
                relations: ((try arguments.optionalString(3, "rel", of: "urlize")) ?? "")
                    + (try arguments.bool(1, "nofollow", default: false) ? " nofollow" : "") + " noopener",
                target: try arguments.optionalString(2, "target", of: "urlize"),
                extraSchemes: try (arguments.value(4, "extra_schemes")?.elements ?? []).map { try $0.text() })
            let text = try options.link(try Escaping.escaped(value))
            return runtime.autoescapes ? .markup(text) : .string(text)
        },
        "xmlattr": .init { value, arguments, runtime in
            guard let pairs = try value.mappingPairs(runtime) else {
                if case .undefined(let undefined) = value { throw undefined.error }
                throw TemplateError.type("'\(value.typeName)' object has no attribute 'items'")
            }
            var parts: [String] = []
            for (key, item) in pairs where !item.isNone && !item.isUndefined {
                let name = try key.text()
                if name.utf8.contains(where: { [0x20, 0x2F, 0x3E, 0x3D].contains($0) || (0x09...0x0D).contains($0) }) {
                    throw TemplateError.value("Invalid character in attribute name: \(key.pythonRepr)")
                }
                parts.append("\(Escaping.escape(name))=\"\(try Escaping.escaped(item))\"")
            }
            var text = parts.joined(separator: " ")
            if !text.isEmpty, try arguments.bool(0, "autospace", default: true) { text = " " + text }
            return runtime.autoescapes ? .markup(text) : .string(text)
        },
    ]
}
