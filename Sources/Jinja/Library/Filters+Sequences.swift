import OrderedCollections

extension Filters {
    /// Filters on sequences and mappings.
    static let sequences: [String: FilterBox] = [
        "list": .init { value, arguments, runtime in try ElementFilter.apply(.list, value, arguments, runtime) },
        "items": .init { value, _, runtime in
            if value.isUndefined { return .object(Generator("do_items", [])) }
            guard let pairs = try value.mappingPairs(runtime) else {
                throw TemplateError.type("Can only get item pairs from a mapping.")
            }
            return .object(Generator("do_items", pairs.map { .tuple(Tuple($0, $1)) }))
        },
        "first": .init { value, _, runtime in
            try value.iterate().first ?? runtime.undefined(.hint("No first item, sequence was empty."))
        },
        "last": .init { value, _, runtime in
            if case .object(let object) = value, object is Generator {
                throw TemplateError.type("'generator' object is not reversible")
            }
            if case .set = value { throw TemplateError.type("'set' object is not reversible") }
            return try value.iterate().last ?? runtime.undefined(.hint("No last item, sequence was empty."))
        },
        "random": .init { value, _, runtime in
            try value.iterate().randomElement() ?? runtime.undefined(.hint("No random item, sequence was empty."))
        },
        "join": .init(join),
        "reverse": .init { value, _, _ in
            switch value {
            case .string(let text): return .string(reversed(text))
            case .markup(let text): return .markup(reversed(text))
            default:
                guard value.isIterable else { throw TemplateError.filterArgument("argument must be iterable") }
                let items = Array(try value.iterate().reversed())
                switch value {
                case .set: return .list(List(items))
                case .object(let object) where object is Generator: return .list(List(items))
                default: return .object(Generator("reversed", items))
                }
            }
        },
        "sort": .init { value, arguments, runtime in try ElementFilter.apply(.sort, value, arguments, runtime) },
        "unique": .init { value, arguments, runtime in try ElementFilter.apply(.unique, value, arguments, runtime) },
        "min": .init { value, arguments, runtime in try extreme(value, arguments, runtime) { try Comparison.isLess($0, $1) } },
        "max": .init { value, arguments, runtime in try extreme(value, arguments, runtime) { try Comparison.isLess($1, $0) } },
        "dictsort": .init(dictSort),
        "groupby": .init(groupBy),
        "batch": .init { value, arguments, _ in
            let size = try arguments.required(0, "linecount", of: "batch").index()
            let fill = arguments.value(1, "fill_with") ?? .none
            var rows: [Value] = []
            var row: [Value] = []
            for item in try value.iterate() {
                if row.count == size {
                    rows.append(Value(row))
                    row = []
                }
                row.append(item)
            }
            if !row.isEmpty {
                try Arithmetic.checkSize(size)
                if !fill.isNone { while row.count < size { row.append(fill) } }
                rows.append(Value(row))
            }
            return .object(Generator("do_batch", rows))
        },
        "slice": .init(slice),
    ]

    /// The value for comparisons that ignore case.
    static func fold(_ value: Value, _ isSensitive: Bool) -> Value {
        guard !isSensitive, let text = value.stringValue else { return value }
        return .string(StringCase.lowercased(text))
    }

    private static func reversed(_ text: String) -> String { String(String.UnicodeScalarView(text.unicodeScalars.reversed())) }

    private static let join: Filter = { value, arguments, runtime in
        let separator = arguments.value(0, "d") ?? ""
        let attribute = arguments.value(1, "attribute")
        var items = try value.iterate()
        if let attribute, !attribute.isNone {
            let getter = AttributeGetter(attribute)
            items = try items.map { try getter.get($0, runtime) }
        }
        guard runtime.autoescapes else {
            return .string(try runtime.text { try write(items, separator, runtime, into: &$0) })
        }
        if separator.isMarkup || items.contains(where: \.isMarkup) {
            let parts = try items.map { try Escaping.escaped($0) }
            return .markup(parts.joined(separator: try Escaping.escaped(separator)))
        }
        return .string(try items.map { try $0.text() }.joined(separator: try separator.text()))
    }

    /// Appends the texts of the elements where nothing is escaped.
    static func join(
        _ items: [Value], _ separator: Value?, _ runtime: Runtime, into output: inout TextBuffer
    ) throws {
        try write(items, separator ?? "", runtime, into: &output)
    }

    private static func write(
        _ items: [Value], _ separator: Value, _ runtime: Runtime, into output: inout TextBuffer
    ) throws {
        let between = try separator.text()
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(text: between) }
            try item.write(into: &output)
            try runtime.checkOutput(output.count)
        }
    }

    private static func extreme(
        _ value: Value, _ arguments: Arguments, _ runtime: Runtime, _ isBetter: (Value, Value) throws -> Bool
    ) throws -> Value {
        let isSensitive = try arguments.bool(0, "case_sensitive", default: false)
        let getter = AttributeGetter(arguments.value(1, "attribute"))
        var best: (key: Value, item: Value)?
        for item in try value.iterate() {
            let key = fold(try getter.get(item, runtime), isSensitive)
            guard let current = best else {
                best = (key, item)
                continue
            }
            if try isBetter(key, current.key) { best = (key, item) }
        }
        return best?.item ?? runtime.undefined(.hint("No aggregated item, sequence was empty."))
    }

    private static let dictSort: Filter = { value, arguments, runtime in
        let isSensitive = try arguments.bool(0, "case_sensitive", default: false)
        let by = try arguments.optionalString(1, "by", of: "dictsort") ?? "key"
        guard by == "key" || by == "value" else {
            throw TemplateError.filterArgument("You can only sort by either \"key\" or \"value\"")
        }
        guard let pairs = try value.mappingPairs(runtime) else {
            if case .undefined(let undefined) = value { throw undefined.error }
            throw TemplateError.type("'\(value.typeName)' object has no attribute 'items'")
        }
        let items = pairs.map { Value.tuple(Tuple($0, $1)) }
        let isReverse = try arguments.bool(2, "reverse", default: false)
        return .list(
            List(
                try Comparison.sorted(items, reverse: isReverse) { item in
                    fold(item.elements?[by == "key" ? 0 : 1] ?? .none, isSensitive)
                }))
    }

    private static let groupBy: Filter = { value, arguments, runtime in
        let attribute = try arguments.required(0, "attribute", of: "groupby")
        let getter = AttributeGetter(attribute, default: arguments.value(1, "default"))
        let isSensitive = try arguments.bool(2, "case_sensitive", default: false)
        let sorted = try Comparison.sorted(try value.iterate(), reverse: false) { fold(try getter.get($0, runtime), isSensitive) }
        var groups: [(key: Value, items: [Value])] = []
        for item in sorted {
            let key = fold(try getter.get(item, runtime), isSensitive)
            if let last = groups.last, try Comparison.equal(last.key, key) {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append((key, [item]))
            }
        }
        return .list(
            List(
                try groups.map { group in
                    let key = isSensitive ? group.key : try getter.get(group.items[0], runtime)
                    return .tuple(Tuple([key, Value(group.items)], names: ["grouper", "list"]))
                }))
    }

    private static let slice: Filter = { value, arguments, _ in
        let items = try value.iterate()
        let slices = try arguments.required(0, "slices", of: "slice").index()
        let fill = arguments.value(1, "fill_with") ?? .none
        if slices == 0 { throw TemplateError(.zeroDivision, "integer division or modulo by zero") }
        guard slices > 0 else { return .object(Generator("sync_do_slice", [])) }
        try Arithmetic.checkSize(slices)
        let (size, extra) = items.count.quotientAndRemainder(dividingBy: slices)
        var columns: [Value] = []
        var start = 0
        for number in 0..<slices {
            let end = start + size + (number < extra ? 1 : 0)
            var column = Array(items[start..<end])
            if !fill.isNone && number >= extra { column.append(fill) }
            columns.append(Value(column))
            start = end
        }
        return .object(Generator("sync_do_slice", columns))
    }
}
