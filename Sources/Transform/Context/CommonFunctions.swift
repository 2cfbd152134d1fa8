import Documents
import Jinja

/// Functions without a context: `tojson`, `zip`, `set`, `local_md5`, `return` and their like.
enum CommonFunctions {
    static func function(named name: String) -> Value? {
        guard let body = bodies[name] else { return nil }
        return .function(name, body)
    }

    private static let bodies: [String: @Sendable (Arguments, Runtime) throws -> Value] = [
        "return": { arguments, runtime in throw runtime.macroReturn(arguments.value(0, "data") ?? .none) },
        "tojson": { arguments, _ in
            .string(
                PythonJSON.text(
                    of: try arguments.required(0, "value", of: "tojson"),
                    sortsKeys: arguments.value(2, "sort_keys")?.isTruthy ?? false))
        },
        "fromjson": { arguments, _ in
            let text = try arguments.string(0, "string", of: "fromjson")
            do {
                return Value(try JSON(parsing: text))
            } catch {
                return arguments.value(1, "default") ?? .none
            }
        },
        "toyaml": { arguments, _ in
            .string(
                PythonYAML.text(
                    of: JSON(try arguments.required(0, "value", of: "toyaml")),
                    sortsKeys: arguments.value(2, "sort_keys")?.isTruthy ?? false))
        },
        "fromyaml": { arguments, _ in
            let text = try arguments.string(0, "value", of: "fromyaml")
            do {
                return Value(try YAMLDocument.parse(text, file: "fromyaml")?.json ?? .null)
            } catch {
                return arguments.value(1, "default") ?? .none
            }
        },
        "local_md5": { arguments, _ in
            .string(Checksum.md5(try arguments.required(0, "value", of: "local_md5").pythonString))
        },
        "set": { arguments, _ in
            guard let items = Self.items(arguments.value(0, "value")) else { return arguments.value(1, "default") ?? .none }
            return .set(ValueSet(items))
        },
        "set_strict": { arguments, _ in
            guard let items = Self.items(try arguments.required(0, "value", of: "set_strict")) else {
                throw TransformError(.compilation, "set_strict() needs a list")
            }
            return .set(ValueSet(items))
        },
        "zip": { arguments, _ in
            var arguments = arguments
            let fallback = arguments.removeNamed("default") ?? .none
            return Self.zip(arguments.positional) ?? fallback
        },
        "zip_strict": { arguments, _ in
            guard let zipped = Self.zip(arguments.positional) else {
                throw TransformError(.compilation, "zip_strict() needs lists")
            }
            return zipped
        },
        "diff_of_two_dicts": { arguments, _ in try difference(arguments) },
        "try_or_compiler_error": { arguments, runtime in
            let message = try arguments.required(0, "message_if_exception", of: "try_or_compiler_error").pythonString
            let function = try arguments.required(1, "func", of: "try_or_compiler_error")
            do {
                return try runtime.call(function, Arguments(Array(arguments.positional.dropFirst(2)), named: arguments.named))
            } catch {
                throw TransformError(.compilation, message)
            }
        },
        "submit_python_job": { _, _ in throw TransformError(.compilation, "Postgres runs no Python models") },
    ]

    private static func items(_ value: Value?) -> [Value]? {
        guard let value else { return nil }
        if let elements = value.elements { return elements }
        if let keys = value.dictValue?.keys { return keys }
        if let text = value.stringValue { return text.map { .string(String($0)) } }
        return try? value.objectValue?.iterate()
    }

    private static func zip(_ lists: [Value]) -> Value? {
        let columns = lists.map(items)
        guard !columns.contains(where: { $0 == nil }) else { return nil }
        let rows = columns.map { $0?.count ?? 0 }.min() ?? 0
        return .list(List((0..<rows).map { row in .tuple(Tuple(columns.compactMap { $0?[row] })) }))
    }

    /// The keys and values of one mapping of lists that the other lacks, without regard to case.
    private static func difference(_ arguments: Arguments) throws -> Value {
        guard let a = try arguments.required(0, "dict_a", of: "diff_of_two_dicts").dictValue,
            let b = try arguments.required(1, "dict_b", of: "diff_of_two_dicts").dictValue
        else { throw TransformError(.compilation, "diff_of_two_dicts() needs two mappings") }
        var other: [String: Set<String>] = [:]
        for (key, value) in b.pairs {
            other[key.pythonString.lowercased()] = Set((value.elements ?? []).map { $0.pythonString.lowercased() })
        }
        let result = Dict()
        for (key, value) in a.pairs {
            let known = other[key.pythonString.lowercased()]
            let missing = (value.elements ?? []).filter { !(known?.contains($0.pythonString.lowercased()) ?? false) }
            if !missing.isEmpty { result[key] = .list(List(missing)) }
        }
        return .dict(result)
    }
}
