/// Python's `str.format`.
struct StringFormat {
    private let arguments: Arguments
    private let runtime: Runtime
    private let escaping: Bool
    private var automatic = 0
    private var isManual = false

    /// Replaces the fields of a format string.
    static func format(
        _ text: String, _ arguments: Arguments, _ runtime: Runtime, escaping: Bool = false
    ) throws -> String {
        if !escaping, let result = simple(text, arguments, runtime) { return try Arithmetic.checked(result) }
        var formatter = StringFormat(arguments: arguments, runtime: runtime, escaping: escaping)
        return try Arithmetic.checked(try formatter.expand(Array(text.unicodeScalars)[...], depth: 0))
    }

    /// The text where all fields are `{}` and stand for text or integers; nil for everything else.
    private static func simple(_ text: String, _ arguments: Arguments, _ runtime: Runtime) -> String? {
        var output = runtime.takeBuffer()
        defer { runtime.giveBack(&output) }
        var next = 0
        let isSimple = Text.withBytes(text) { bytes -> Bool in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "}") { return false }
                if byte != UInt8(ascii: "{") {
                    output.append(byte)
                    continue
                }
                guard index < bytes.count, bytes[index] == UInt8(ascii: "}"), next < arguments.positional.count else {
                    return false
                }
                switch arguments.positional[next] {
                case .string(let text), .markup(let text): output.append(text: text)
                case .int(let number): output.append(integer: number)
                default: return false
                }
                next += 1
                index += 1
            }
            return true
        }
        return isSimple ? output.string : nil
    }

    private init(arguments: Arguments, runtime: Runtime, escaping: Bool) {
        self.arguments = arguments
        self.runtime = runtime
        self.escaping = escaping
    }

    private mutating func expand(_ text: ArraySlice<Unicode.Scalar>, depth: Int) throws -> String {
        guard depth <= 2 else { throw TemplateError.value("Max string recursion exceeded") }
        var output = String.UnicodeScalarView()
        var index = text.startIndex
        while index < text.endIndex {
            let scalar = text[index]
            index += 1
            switch scalar {
            case "{":
                if index < text.endIndex, text[index] == "{" {
                    output.append("{")
                    index += 1
                } else {
                    let end = try fieldEnd(text, index)
                    output.append(contentsOf: try field(text[index..<end], depth).unicodeScalars)
                    index = end + 1
                }
            case "}":
                guard index < text.endIndex, text[index] == "}" else {
                    throw TemplateError.value("Single '}' encountered in format string")
                }
                output.append("}")
                index += 1
            default: output.append(scalar)
            }
        }
        return String(output)
    }

    private func fieldEnd(_ text: ArraySlice<Unicode.Scalar>, _ start: Int) throws -> Int {
        var nesting = 1
        var index = start
        while index < text.endIndex {
            if text[index] == "{" { nesting += 1 }
            if text[index] == "}" {
                nesting -= 1
                if nesting == 0 { return index }
            }
            index += 1
        }
        throw TemplateError.value(
            start == text.endIndex ? "Single '{' encountered in format string" : "expected '}' before end of string")
    }

    private mutating func field(_ text: ArraySlice<Unicode.Scalar>, _ depth: Int) throws -> String {
        var brackets = 0
        let nameEnd =
            text.firstIndex { scalar in
                if scalar == "[" { brackets += 1 }
                if scalar == "]" { brackets -= 1 }
                return brackets <= 0 && (scalar == "!" || scalar == ":")
            } ?? text.endIndex
        var value = try lookup(text[text.startIndex..<nameEnd])
        var rest = text[nameEnd...]
        if rest.first == "!" {
            guard rest.count > 1 else { throw TemplateError.value("end of string while looking for conversion specifier") }
            value = try convert(value, rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            if let next = rest.first, next != ":" { throw TemplateError.value("expected ':' after conversion specifier") }
        }
        let specification = rest.isEmpty ? "" : try expand(rest.dropFirst(), depth: depth + 1)
        let result = try ValueFormat.format(value, specification)
        if escaping, !value.isMarkup { return Escaping.escape(result) }
        return result
    }

    private func convert(_ value: Value, _ conversion: Unicode.Scalar) throws -> Value {
        switch conversion {
        case "r": return .string(value.pythonRepr)
        case "a": return .string(PercentFormat.ascii(value.pythonRepr))
        case "s": return .string(try value.text())
        default: throw TemplateError.value("Unknown conversion specifier \(conversion)")
        }
    }

    private mutating func lookup(_ path: ArraySlice<Unicode.Scalar>) throws -> Value {
        let nameEnd = path.firstIndex { $0 == "." || $0 == "[" } ?? path.endIndex
        let name = String(String.UnicodeScalarView(path[path.startIndex..<nameEnd]))
        var value = try argument(name)
        var rest = path[nameEnd...]
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "." {
                let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
                let attribute = String(String.UnicodeScalarView(rest[rest.startIndex..<end]))
                if attribute.isEmpty { throw TemplateError.value("Empty attribute in format string") }
                let found = try runtime.pythonAttribute(of: value, named: attribute)
                if found.isUndefined {
                    throw TemplateError.type("'\(value.typeName)' object has no attribute '\(attribute)'")
                }
                value = found
                rest = rest[end...]
            } else if first == "[", let end = rest.firstIndex(of: "]") {
                let key = String(String.UnicodeScalarView(rest[rest.startIndex..<end]))
                let found = try runtime.item(of: value, Int(key).map { .int($0) } ?? .string(key))
                if found.isUndefined { throw TemplateError(.key, Value.string(key).pythonRepr) }
                value = found
                rest = rest[(end + 1)...]
            } else {
                throw TemplateError.value("Missing ']' in format string")
            }
        }
        return value
    }

    private mutating func argument(_ name: String) throws -> Value {
        var index = Int(name)
        if name.isEmpty {
            if isManual {
                throw TemplateError.value("cannot switch from manual field specification to automatic field numbering")
            }
            index = automatic
            automatic += 1
        } else if index != nil {
            if automatic > 0 {
                throw TemplateError.value("cannot switch from automatic field numbering to manual field specification")
            }
            isManual = true
        }
        if let index {
            guard arguments.positional.indices.contains(index) else {
                throw TemplateError(.index, "Replacement index \(index) out of range for positional args tuple")
            }
            return arguments.positional[index]
        }
        guard let value = arguments[name] else { throw TemplateError(.key, Value.string(name).pythonRepr) }
        return value
    }
}
