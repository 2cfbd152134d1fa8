import Jinja

/// Python's `re`.
final class RegexModule: MethodObject {
    override var typeName: String { "module" }
    override var isTruthy: Bool { true }
    override var methods: Set<String> { ["match", "search", "fullmatch", "sub", "findall", "split", "compile", "escape"] }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "IGNORECASE", "I": .int(2)
        case "MULTILINE", "M": .int(8)
        case "DOTALL", "S": .int(16)
        default: nil
        }
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        if method == "escape" {
            let text = try arguments.string(0, "pattern", of: method)
            return .string(String(text.flatMap { $0.isLetter || $0.isNumber || $0 == "_" ? [$0] : ["\\", $0] }))
        }
        let pattern = try arguments.required(0, "pattern", of: method)
        if let compiled = pattern.objectValue as? RegexObject {
            var rest = arguments
            rest.positional.removeFirst()
            return try compiled.invoke(method, rest, runtime)
        }
        let flags =
            arguments[method == "sub" || method == "split" ? "flags" : "flags"]?.intValue
            ?? (["match", "search", "fullmatch", "findall"].contains(method) ? arguments.value(2, "flags")?.intValue : nil)
            ?? (method == "compile" ? arguments.value(1, "flags")?.intValue : nil) ?? 0
        let regex = try RegexObject(pattern.pythonString, flags: flags)
        if method == "compile" { return .object(regex) }
        var rest = arguments
        rest.positional.removeFirst()
        return try regex.invoke(method, rest, runtime)
    }
}
