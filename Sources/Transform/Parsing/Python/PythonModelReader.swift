import Diagnostics
import Documents
import Jinja

/// Finds what a model in Python refers to and how it is configured: its calls of `dbt.ref`, `dbt.source`, `dbt.config`,
/// `dbt.config.get` and `dbt.config.meta_get`, whose arguments are literals.
///
/// The code is not run. PostgreSQL has no Python models; the manifest lists them all the same, as dbt's does.
struct PythonModelReader {
    private let tokens: [PythonToken]
    private let file: String
    private var index = 0
    private let capture = ParseCapture()
    private var keys: [(used: String, fallback: JSON)] = []
    private var metaKeys: [(used: String, fallback: JSON)] = []

    /// - Parameters:
    ///   - code: the whole file.
    ///   - file: how errors call it.
    static func read(_ code: String, file: String) throws -> ParseCapture {
        for mark in ["{{", "{%", "{#"] {
            guard let found = code.firstRange(of: mark) else { continue }
            let line = code[..<found.lowerBound].utf8.count { $0 == 0x0A } + 1
            throw TransformError(
                .schema, "No jinja in python model code is allowed", location: SourceLocation(file: file, line: line))
        }
        var reader = PythonModelReader(tokens: try tokens(of: code, file: file), file: file)
        if reader.tokens.isEmpty { return reader.capture }
        try reader.checkFunction()
        try reader.readCalls()
        reader.noteKeys()
        return reader.capture
    }

    private static func tokens(of code: String, file: String) throws -> [PythonToken] {
        do { return try PythonLexer.tokens(of: code) } catch {
            var error = error
            error.location?.file = file
            throw error
        }
    }

    private init(tokens: [PythonToken], file: String) {
        self.tokens = tokens
        self.file = file
    }

    private var current: PythonToken? { index < tokens.count ? tokens[index] : nil }

    private func failure(_ message: String, line: Int? = nil, hint: String? = nil) -> TransformError {
        let place = line ?? current?.line ?? tokens.last?.line
        return TransformError(.schema, message, location: SourceLocation(file: file, line: place), hint: hint)
    }

    /// There is one function `model(dbt, session)`.
    private func checkFunction() throws {
        let places = tokens.indices.filter { place in
            tokens[place].isName("def") && tokens[place].indent == 0 && place + 1 < tokens.count
                && tokens[place + 1].isName("model") && !(place > 0 && tokens[place - 1].isName("async"))
        }
        guard places.count == 1 else {
            throw failure(
                "dbt allows exactly one model defined per python file, found \(places.count)",
                line: places.dropFirst().first.map { tokens[$0].line } ?? 1, hint: "write def model(dbt, session): ...")
        }
        var names: [String] = []
        var depth = 0
        var isName = true
        for token in tokens[(places[0] + 2)...] {
            if case .sign(let sign) = token.kind {
                if "([{".contains(sign) { depth += 1 }
                if ")]}".contains(sign) { depth -= 1 }
                if depth == 0 { break }
                isName = depth == 1 && (sign == "(" || sign == ",")
            } else if case .name(let name) = token.kind, isName {
                names.append(name)
                isName = false
            }
        }
        let line = tokens[places[0]].line
        if names.first != "dbt" { throw failure("'dbt' not provided for model as the first argument", line: line) }
        guard names.count == 2 else {
            throw failure("model function should have two args, `dbt` and a session to current warehouse", line: line)
        }
    }

    // MARK: Calls

    private mutating func readCalls() throws {
        while let token = current {
            if case .text(_, let fields) = token.kind { try readFields(fields, line: token.line) }
            let isAttribute = index > 0 && tokens[index - 1].isSign(".")
            guard token.isName("dbt"), !isAttribute, let (path, open) = path(from: index) else {
                index += 1
                continue
            }
            index = open + 1
            switch path {
            case ["ref"]: capture.add(try RefFunction.call(try arguments(of: "dbt.ref")))
            case ["source"]:
                let names = try arguments(of: "dbt.source").positional.map(\.pythonString)
                guard names.count == 2 else { throw failure("dbt.source() takes two names, not \(names.count)") }
                capture.add(SourceCall(source: names[0], table: names[1]))
            case ["config"]:
                let found = try arguments(of: "dbt.config")
                let dict = found.positional.first?.dictValue?.pairs.map { (name: $0.key.pythonString, value: $0.value) } ?? []
                capture.add(call: dict + found.named)
            case ["config", "get"]: keys.append(try key(of: "dbt.config.get"))
            case ["config", "meta_get"]: metaKeys.append(try key(of: "dbt.config.meta_get"))
            default: break
            }
        }
    }

    /// Calls in the braces of an f-string.
    private mutating func readFields(_ fields: [String], line: Int) throws {
        for field in fields where field.contains("dbt") {
            var inner = PythonModelReader(tokens: try Self.tokens(of: field, file: file), file: file)
            try inner.readCalls()
            for ref in inner.capture.refs { capture.add(ref) }
            for source in inner.capture.sources { capture.add(source) }
            keys += inner.keys
            metaKeys += inner.metaKeys
        }
    }

    /// The attributes after `dbt`, and where the parenthesis of the call opens.
    private func path(from start: Int) -> (path: [String], open: Int)? {
        var names: [String] = []
        var place = start + 1
        while place + 1 < tokens.count, tokens[place].isSign("."), case .name(let name) = tokens[place + 1].kind {
            names.append(name)
            place += 2
        }
        guard !names.isEmpty, place < tokens.count, tokens[place].isSign("(") else { return nil }
        return (names, place)
    }

    private mutating func key(of function: String) throws -> (used: String, fallback: JSON) {
        let found = try arguments(of: function).positional
        guard let first = found.first else { throw failure("\(function)() requires at least one argument") }
        guard found.count <= 2 else { throw failure("\(function)() takes at most 2 arguments (\(found.count) given)") }
        return (first.pythonString, found.count == 2 ? JSON(found[1]) : .null)
    }

    /// The arguments of a call whose parenthesis has just been opened.
    private mutating func arguments(of function: String) throws -> Arguments {
        var found = Arguments()
        while true {
            guard let token = current else { throw failure("the call of \(function) is not closed") }
            if token.isSign(")") { break }
            if case .name(let name) = token.kind, index + 1 < tokens.count, tokens[index + 1].isSign("=") {
                index += 2
                found.named.append((name, try literal(of: function)))
            } else {
                found.positional.append(try literal(of: function))
            }
            if current?.isSign(",") ?? false { index += 1 }
        }
        index += 1
        return found
    }

    // MARK: Literals

    private mutating func literal(of function: String) throws -> Value {
        guard let token = current else { throw failure("the call of \(function) is not closed") }
        index += 1
        switch token.kind {
        case .text(var text, let fields):
            guard fields.isEmpty else { throw notLiteral(function, token) }
            while case .text(let more, let moreFields)? = current?.kind, moreFields.isEmpty {
                text += more
                index += 1
            }
            return .string(text)
        case .number(let digits): return try number(digits, function, token)
        case .name("True"): return .bool(true)
        case .name("False"): return .bool(false)
        case .name("None"): return .none
        case .sign("-"):
            guard case .number(let digits)? = current?.kind else { throw notLiteral(function, token) }
            index += 1
            return try number("-" + digits, function, token)
        case .sign("["): return .list(List(try items(until: "]", of: function).values))
        case .sign("("):
            let (values, hasComma) = try items(until: ")", of: function)
            return values.count == 1 && !hasComma ? values[0] : .tuple(Tuple(values))
        case .sign("{"): return try dict(of: function)
        default: throw notLiteral(function, token)
        }
    }

    private func number(_ digits: String, _ function: String, _ token: PythonToken) throws -> Value {
        if let value = Int(digits) { return .int(value) }
        guard let value = Double(digits) else { throw notLiteral(function, token) }
        return .double(value)
    }

    private mutating func items(until end: Character, of function: String) throws -> (values: [Value], hasComma: Bool) {
        var values: [Value] = []
        var hasComma = false
        while !(current?.isSign(end) ?? false) {
            values.append(try literal(of: function))
            if current?.isSign(",") ?? false {
                hasComma = true
                index += 1
            } else if !(current?.isSign(end) ?? false) {
                throw current.map { notLiteral(function, $0) } ?? failure("the call of \(function) is not closed")
            }
        }
        index += 1
        return (values, hasComma)
    }

    private mutating func dict(of function: String) throws -> Value {
        var pairs: [(Value, Value)] = []
        while !(current?.isSign("}") ?? false) {
            let key = try literal(of: function)
            guard let colon = current, colon.isSign(":") else { throw failure("a dict of \(function) lacks a value") }
            index += 1
            pairs.append((key, try literal(of: function)))
            if current?.isSign(",") ?? false { index += 1 }
        }
        index += 1
        return .dict(Dict(pairs: pairs))
    }

    private func notLiteral(_ function: String, _ token: PythonToken) -> TransformError {
        failure(
            "the arguments of \(function)() must be literals", line: token.line,
            hint: "dbt reads the file without running it: write texts, numbers, lists or dicts")
    }

    // MARK: Configuration

    /// Which settings the code asks for, as dbt keeps them in the configuration.
    private func noteKeys() {
        guard !(keys.isEmpty && metaKeys.isEmpty) else { return }
        capture.add(
            config: JSON.Members(pairs: [
                ("config_keys_used", .array(keys.map { .string($0.used) })),
                ("config_keys_defaults", .array(keys.map(\.fallback))),
                ("meta_keys_used", .array(metaKeys.map { .string($0.used) })),
                ("meta_keys_defaults", .array(metaKeys.map(\.fallback))),
            ]))
    }
}
