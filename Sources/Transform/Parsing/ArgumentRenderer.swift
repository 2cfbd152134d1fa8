import Diagnostics
import Documents
import Jinja

/// Renders the arguments of generic tests: natively, so that a list stays a list.
enum ArgumentRenderer {
    /// All arguments with their templates rendered.
    ///
    /// As in dbt, a text that is only a call of `var`, `ref`, `source`, `env_var` or `doc` is a template without braces;
    /// and a column's name is never rendered.
    static func render(_ arguments: JSON.Members, context: NodeContext, parsing: Bool) throws -> Value {
        let result = Dict()
        for entry in arguments.entries {
            result[.string(entry.key)] =
                entry.key == "column_name" ? Value(entry.value) : try render(entry.value, context: context, parsing: parsing)
        }
        return .dict(result)
    }

    private static func render(_ value: JSON, context: NodeContext, parsing: Bool) throws -> Value {
        switch value {
        case .string(let text):
            let source = isOnlyACall(text) ? "{{ \(text) }}" : text
            guard YAMLRenderer.holdsTemplate(source) else {
                return .string(text.utf8.last == 0x0A ? String(text.dropLast()) : text)
            }
            return try TemplateEngine.renderNative(source, name: "test argument", globals: context, parsing: parsing)
        case .array(let items):
            return .list(List(try items.map { try render($0, context: context, parsing: parsing) }))
        case .object(let members):
            return .dict(
                Dict(try members.entries.map { (.string($0.key), try render($0.value, context: context, parsing: parsing)) }))
        default: return Value(value)
        }
    }

    /// Whether the text matches `^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$`.
    static func isOnlyACall(_ text: String) -> Bool {
        let trimmed = text.trimmingSpaces
        guard trimmed.hasSuffix(")"), let open = trimmed.firstIndex(of: "("), !trimmed.contains("\n") else { return false }
        let name = trimmed[..<open].reversed().drop { $0 == " " }.reversed()
        guard ["env_var", "ref", "var", "source", "doc"].contains(String(name)) else { return false }
        return trimmed.index(after: open) < trimmed.index(before: trimmed.endIndex)
    }

    /// The refs and sources in a text such as `ref('orders')`, without a node around it.
    static func capture(_ text: String, world scope: StaticScope, at location: SourceLocation?) throws -> ParseCapture {
        let capture = ParseCapture()
        let globals = CallGlobals(capture, scope)
        do {
            let source = YAMLRenderer.holdsTemplate(text) ? text : "{{ \(text) }}"
            _ = try TemplateEngine.renderNative(source, name: location?.file ?? "YAML", globals: globals, parsing: true)
        } catch {
            throw TransformError(template: error, inValueAt: location)
        }
        return capture
    }
}

/// Only `ref`, `source` and `metric`, which are noted.
private final class CallGlobals: Globals {
    private let capture: ParseCapture
    private let statics: StaticGlobals

    init(_ capture: ParseCapture, _ scope: StaticScope) {
        self.capture = capture
        statics = StaticGlobals(scope)
    }

    func value(named name: String) throws -> Value? {
        switch name {
        case "ref":
            return .function(name) { [capture] arguments, _ in
                capture.add(try RefFunction.call(arguments))
                return .none
            }
        case "source":
            return .function(name) { [capture] arguments, _ in
                let names = arguments.positional.map(\.pythonString)
                guard names.count == 2 else { throw TransformError(.compilation, "source() takes two names, not \(names.count)") }
                capture.add(SourceCall(source: names[0], table: names[1]))
                return .none
            }
        case "metric":
            return .function(name) { [capture] arguments, _ in
                capture.metrics.append(arguments.positional.map(\.pythonString))
                return .none
            }
        default: return try statics.value(named: name)
        }
    }
}
