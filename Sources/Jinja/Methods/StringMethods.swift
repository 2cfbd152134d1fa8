/// The methods of strings.
enum StringMethods {
    static func call(_ method: Method, _ text: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        switch method {
        case .upper, .lower, .casefold, .capitalize, .title, .swapcase: return try StringCase.call(method, text)
        case .split, .rsplit, .splitlines, .partition, .rpartition: return try StringSplitting.call(method, text, arguments)
        case .ljust, .rjust, .center, .zfill: return try padded(method, text, arguments).map { .string($0) }
        case .strip, .lstrip, .rstrip:
            let characters = try arguments.optionalString(0, "chars", of: method.name)
            return .string(trim(text, characters, leading: method != .rstrip, trailing: method != .lstrip))
        case .replace:
            let old = try arguments.string(0, "old", of: "replace")
            let new = try arguments.string(1, "new", of: "replace")
            try Arithmetic.checkReplacement(text, old, new)
            return .string(
                TextSearch.replace(
                    text, old, with: new, limit: try arguments.int(2, "count", default: -1, of: "replace"), runtime))
        case .startswith, .endswith: return .bool(try hasAffix(method, text, arguments))
        case .find, .rfind, .index, .rindex, .count: return .int(try search(method, text, arguments))
        case .join:
            let parts = try arguments.required(0, "iterable", of: "join").iterate()
            return .string(try join(parts, separator: text))
        case .removeprefix:
            let prefix = try arguments.string(0, "prefix", of: "removeprefix")
            return .string(Text.has(text, prefix, atStart: true) ? Text.string(text.utf8.dropFirst(prefix.utf8.count)) : text)
        case .removesuffix:
            let suffix = try arguments.string(0, "suffix", of: "removesuffix")
            let matches = !suffix.isEmpty && Text.has(text, suffix, atStart: false)
            return .string(matches ? Text.string(text.utf8.dropLast(suffix.utf8.count)) : text)
        case .format: return .string(try StringFormat.format(text, arguments, runtime))
        case .formatMap:
            let pairs = try arguments.required(0, "mapping", of: "format_map").mappingPairs(runtime) ?? []
            let named = pairs.compactMap { key, value in key.stringValue.map { (name: $0, value: value) } }
            return .string(try StringFormat.format(text, Arguments([], named: named), runtime))
        case .expandtabs:
            let size = try arguments.int(0, "tabsize", default: 8, of: "expandtabs")
            try Arithmetic.checkSize(text.utf8.count { $0 == UInt8(ascii: "\t") }, times: max(1, size))
            return .string(expandTabs(text, size))
        case .encode: return .string(text)
        default: return StringPredicates.call(method, text).map { .bool($0) }
        }
    }

    /// Joins strings; fails at anything else.
    static func join(_ parts: [Value], separator: String) throws -> String {
        var bytes = TextBuffer()
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(text: separator) }
            guard let text = part.stringValue else {
                throw TemplateError.type("sequence item \(index): expected str instance, \(part.typeName) found")
            }
            bytes.append(text: text)
            try Arithmetic.checkSize(bytes.count)
        }
        return bytes.string
    }

    /// Removes whitespace, or the given characters, from the ends.
    static func trim(_ text: String, _ characters: String?, leading: Bool = true, trailing: Bool = true) -> String {
        if characters == nil, let result = trimASCII(text, leading, trailing) { return result }
        let set = characters.map { Set($0.unicodeScalars) }
        func isTrimmed(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? Text.isSpace(scalar) }
        var scalars = text.unicodeScalars[...]
        if leading { scalars = scalars.drop(while: isTrimmed) }
        if trailing { while let last = scalars.last, isTrimmed(last) { scalars.removeLast() } }
        return String(scalars)
    }

    /// The text without the whitespace at its ends, where all of it is ASCII; else nil.
    private static func trimASCII(_ text: String, _ leading: Bool, _ trailing: Bool) -> String? {
        Text.withBytes(text) { bytes in
            guard Text.isASCII(bytes) else { return nil }
            var (start, end) = (0, bytes.count)
            if leading { while start < end, Lexer.isSpace(bytes[start]) { start += 1 } }
            if trailing { while end > start, Lexer.isSpace(bytes[end - 1]) { end -= 1 } }
            return start == 0 && end == bytes.count ? text : Text.string(bytes, start, end)
        }
    }

    private static func padded(_ method: Method, _ text: String, _ arguments: Arguments) throws -> String? {
        switch method {
        case .ljust, .rjust, .center, .zfill: break
        default: return nil
        }
        let width = try arguments.required(0, "width", of: method.name).index()
        let missing = width - Text.length(text)
        guard missing > 0 else { return text }
        try Arithmetic.checkSize(missing)
        if method == .zfill {
            let zeros = String(repeating: "0", count: missing)
            guard let sign = text.utf8.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return zeros + text }
            return String(Unicode.Scalar(sign)) + zeros + Text.string(text.utf8.dropFirst())
        }
        let fill = try arguments.optionalString(1, "fillchar", of: method.name) ?? " "
        guard Text.length(fill) == 1 else {
            throw TemplateError.type("The fill character must be exactly one character long")
        }
        let left = method == .rjust ? missing : method == .ljust ? 0 : missing / 2 + (missing & width & 1)
        return String(repeating: fill, count: left) + text + String(repeating: fill, count: missing - left)
    }

    private static func hasAffix(_ method: Method, _ text: String, _ arguments: Arguments) throws -> Bool {
        let value = try arguments.required(0, "prefix", of: method.name)
        let part = arguments.count > 1 ? try section(text, arguments, 1) : text
        if arguments.count > 1, let start = arguments.value(1, "start")?.intValue, start > Text.length(text) { return false }
        if let affix = value.stringValue { return Text.has(part, affix, atStart: method == .startswith) }
        let candidates: [Value] = if case .tuple(let tuple) = value { tuple.items } else { [value] }
        for candidate in candidates {
            guard let affix = candidate.stringValue else {
                throw TemplateError.type("\(method.name) first arg must be str or a tuple of str, not \(candidate.typeName)")
            }
            if Text.has(part, affix, atStart: method == .startswith) { return true }
        }
        return false
    }

    /// The part of a text between optional start and end arguments.
    private static func section(_ text: String, _ arguments: Arguments, _ first: Int) throws -> String {
        let start = arguments.value(first, "start") ?? .none
        let end = arguments.value(first + 1, "end") ?? .none
        return try Slicing.slice(.string(text), start, end, .none).text()
    }

    private static func search(_ method: Method, _ text: String, _ arguments: Arguments) throws -> Int {
        let part = try arguments.string(0, "sub", of: method.name)
        var place = 0
        var section = text
        if arguments.count > 1 {
            section = try self.section(text, arguments, 1)
            let start = try arguments.value(1, "start").map { $0.isNone ? 0 : try $0.index() } ?? 0
            let length = Text.length(text)
            place = start < 0 ? max(0, start + length) : start
            if place > length { return try notFound(method) }
        }
        if method == .count { return occurrences(part, in: section) }
        let isLast = method == .rfind || method == .rindex
        let found = Text.withBytes(section) { haystack in
            Text.withBytes(part) { needle in
                isLast
                    ? TextSearch.findLast(needle, in: haystack, before: haystack.count)
                    : TextSearch.find(needle, in: haystack, from: 0)
            }
        }
        if let found { return place + Text.length(Text.string(section.utf8.prefix(found))) }
        return try notFound(method)
    }

    private static func notFound(_ method: Method) throws -> Int {
        switch method {
        case .count: return 0
        case .index, .rindex: throw TemplateError.value("substring not found")
        default: return -1
        }
    }

    /// How often a part occurs without overlapping.
    static func occurrences(_ part: String, in text: String) -> Int {
        if part.isEmpty { return Text.length(text) + 1 }
        var count = 0
        var start = 0
        while let hit = TextSearch.find(part, in: text, from: start) {
            count += 1
            start = hit + part.utf8.count
        }
        return count
    }

    private static func expandTabs(_ text: String, _ size: Int) -> String {
        var output = String.UnicodeScalarView()
        var column = 0
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t":
                let width = size > 0 ? size - column % size : 0
                output.append(contentsOf: repeatElement(" " as Unicode.Scalar, count: width))
                column += width
            case "\n", "\r":
                output.append(scalar)
                column = 0
            default:
                output.append(scalar)
                column += 1
            }
        }
        return String(output)
    }
}

extension Text {
    /// The string of some bytes.
    static func string(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// The string of the bytes from an offset up to another.
    @inline(__always) static func string(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> String {
        if let first = bytes.baseAddress, let short = SmallText.string(first + start, end - start) { return short }
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }

    /// Whether a text begins or ends with the bytes of another.
    static func has(_ text: String, _ affix: String, atStart: Bool) -> Bool {
        withBytes(text) { bytes in
            withBytes(affix) { part in
                guard part.count <= bytes.count else { return false }
                let first = atStart ? 0 : bytes.count - part.count
                for index in 0..<part.count where bytes[first + index] != part[index] { return false }
                return true
            }
        }
    }
}
