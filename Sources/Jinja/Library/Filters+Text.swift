extension Filters {
    /// Filters on text.
    static let text: [String: FilterBox] = [
        "upper": .init { value, _, _ in try onText(value, StringCase.uppercased) },
        "lower": .init { value, _, _ in try onText(value, StringCase.lowercased) },
        "capitalize": .init { value, _, _ in try onText(value, StringCase.capitalized) },
        "title": .init { value, _, _ in .string(titled(try value.text())) },
        "trim": .init { value, arguments, _ in
            let characters = try arguments.optionalString(0, "chars", of: "trim")
            return try onText(value) { StringMethods.trim($0, characters) }
        },
        "replace": .init(replace),
        "center": .init { value, arguments, runtime in
            let width = arguments.value(0, "width") ?? 80
            let input: Value = value.isMarkup ? value : .string(try value.text())
            return try runtime.callMethod(of: input, named: "center", Arguments([width]))
        },
        "format": .init { value, arguments, runtime in
            if !arguments.positional.isEmpty && !arguments.named.isEmpty {
                throw TemplateError.filterArgument("can't handle positional and keyword arguments at the same time")
            }
            let operand: Value =
                arguments.named.isEmpty
                ? .tuple(Tuple(arguments.positional)) : .dict(Dict(arguments.named.map { (.string($0.name), $0.value) }))
            let text = try value.text()
            let result = try PercentFormat.format(text, operand, runtime, escaping: value.isMarkup)
            return value.isMarkup ? .markup(result) : .string(result)
        },
        "indent": .init(indent),
        "truncate": .init(truncate),
        "wordcount": .init { value, _, _ in .int(words(try value.text())) },
        "wordwrap": .init { value, arguments, runtime in
            let width = try arguments.int(0, "width", default: 79, of: "wordwrap")
            let breaksLong = try arguments.bool(1, "break_long_words", default: true)
            let separator = try arguments.optionalString(2, "wrapstring", of: "wordwrap") ?? runtime.environment.newlineSequence
            let onHyphens = try arguments.bool(3, "break_on_hyphens", default: true)
            guard let text = value.stringValue else { throw TemplateError.type("wordwrap expects text, not \(value.typeName)") }
            guard width > 0 else { throw TemplateError.value("invalid width \(width) (must be > 0)") }
            let wrapper = TextWrapper(width: width, breaksLongWords: breaksLong, breaksOnHyphens: onHyphens)
            let lines = StringSplitting.lines(text).map { wrapper.wrap($0).joined(separator: separator) }
            return .string(lines.joined(separator: separator))
        },
    ]

    /// Applies a change to text and keeps safe text safe.
    static func onText(_ value: Value, _ change: (String) throws -> String) throws -> Value {
        if case .markup(let text) = value { return .markup(try change(text)) }
        return .string(try change(try value.text()))
    }

    private static let replace: Filter = { value, arguments, runtime in
        let old = try arguments.required(0, "old", of: "replace")
        let new = try arguments.required(1, "new", of: "replace")
        let limit = arguments.value(2, "count").flatMap { $0.isNone ? nil : $0 }
        let count = try limit?.index() ?? -1
        guard runtime.autoescapes else {
            let (from, to) = (try old.text(), try new.text())
            return .string(try checkedReplace(try value.text(), from, to, count, runtime))
        }
        let isEscaped = old.isMarkup || (new.isMarkup && !value.isMarkup)
        if isEscaped || value.isMarkup {
            let text = isEscaped ? try Escaping.escaped(value) : try value.text()
            return .markup(try checkedReplace(text, try old.text(), try Escaping.escaped(new), count, runtime))
        }
        return .string(try checkedReplace(try value.text(), try old.text(), try new.text(), count, runtime))
    }

    private static func checkedReplace(_ text: String, _ old: String, _ new: String, _ count: Int, _ runtime: Runtime) throws
        -> String
    {
        try Arithmetic.checkReplacement(text, old, new)
        return TextSearch.replace(text, old, with: new, limit: count, runtime)
    }

    /// Each word capitalised; words begin after whitespace, hyphens and opening brackets.
    private static func titled(_ text: String) -> String {
        var isStart = true
        let plain = Text.mapASCII(text) { byte in
            switch byte {
            case 0x09...0x0D, 0x1C...0x20, UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "["),
                UInt8(ascii: "<"):
                isStart = true
                return byte
            default:
                defer { isStart = false }
                return isStart ? Text.upper(byte) : Text.lower(byte)
            }
        }
        if let plain { return plain }
        isStart = true
        var result = ""
        var pending = ""
        func isBreak(_ scalar: Unicode.Scalar) -> Bool { "-({[<".unicodeScalars.contains(scalar) || Text.isSpace(scalar) }
        for scalar in text.unicodeScalars {
            if isBreak(scalar) {
                result += pending.lowercased()
                pending = ""
                result.unicodeScalars.append(scalar)
                isStart = true
            } else if isStart {
                result += scalar.properties.uppercaseMapping
                isStart = false
            } else {
                pending.unicodeScalars.append(scalar)
            }
        }
        return result + pending.lowercased()
    }

    private static let indent: Filter = { value, arguments, _ in
        let width = arguments.value(0, "width") ?? 4
        let isFirst = try arguments.bool(1, "first", default: false)
        let includesBlank = try arguments.bool(2, "blank", default: false)
        let indention: String
        if let text = width.stringValue {
            indention = text
        } else {
            let count = try width.index(of: "indent() width")
            try Arithmetic.checkSize(count)
            indention = String(repeating: " ", count: max(0, count))
        }
        guard value.isString else {
            if case .undefined(let undefined) = value { throw undefined.error }
            throw TemplateError.type("unsupported operand type(s) for +=: '\(value.typeName)' and 'str'")
        }
        return try onText(value) { text in
            if Text.withBytes(text, { bytes in bytes.allSatisfy { $0 >= 0x20 && $0 < 0x80 } }) {
                return isFirst ? indention + text : text
            }
            let lines = StringSplitting.lines(text + "\n")
            try Arithmetic.checkSize(lines.count, times: max(1, indention.utf8.count))
            var result = lines.first ?? ""
            for line in lines.dropFirst() { result += "\n" + (line.isEmpty && !includesBlank ? "" : indention) + line }
            return isFirst ? indention + result : result
        }
    }

    private static let truncate: Filter = { value, arguments, runtime in
        let length = try arguments.int(0, "length", default: 255, of: "truncate")
        let killsWords = try arguments.bool(1, "killwords", default: false)
        let end = try arguments.optionalString(2, "end", of: "truncate") ?? "..."
        let given = arguments.value(3, "leeway").flatMap { $0.isNone ? nil : $0 }
        let leeway = try given?.index() ?? runtime.environment.truncateLeeway
        let endLength = Text.length(end)
        guard length >= endLength else {
            throw TemplateError(.runtime, "expected length >= \(endLength), got \(length)")
        }
        guard leeway >= 0 else { throw TemplateError(.runtime, "expected leeway >= 0, got \(leeway)") }
        guard value.isString else {
            if case .undefined(let undefined) = value { return .string(try undefined.text()) }
            throw TemplateError.type("object of type '\(value.typeName)' has no len()")
        }
        return try onText(value) { text in
            if Text.length(text) <= length + leeway { return text }
            let head = String(text.unicodeScalars.prefix(length - endLength))
            let end = value.isMarkup ? Escaping.escape(end) : end
            if killsWords { return head + end }
            guard let space = head.unicodeScalars.lastIndex(of: " ") else { return head + end }
            return String(head.unicodeScalars[..<space]) + end
        }
    }

    private static func words(_ text: String) -> Int {
        var count = 0
        var isInside = false
        for scalar in text.unicodeScalars {
            let isWord = scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if isWord && !isInside { count += 1 }
            isInside = isWord
        }
        return count
    }
}
