import Diagnostics
import Jinja

/// `var('name', default)`, with `var.has_var('name')`.
final class VariableFunction: MethodObject {
    private let scope: StaticScope

    init(_ scope: StaticScope) { self.scope = scope }

    override var typeName: String { "var" }
    override var isCallable: Bool { true }
    override var isTruthy: Bool { true }
    override var methods: Set<String> { ["has_var"] }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let name = try arguments.string(0, "var_name", of: "var")
        if let value = scope.variables.value(name, in: scope.package) { return Value(value) }
        if let fallback = arguments.value(1, "default") { return fallback }
        guard scope.requiresVariables else { return .none }
        let known = scope.variables.names(in: scope.package)
        throw TransformError(
            .unknownVariable, "the variable '\(name)' is not defined",
            hint: Suggestion.hint(for: name, in: known)
                ?? "define it under vars: in dbt_project.yml, with --vars, or give a default: var('\(name)', 'default')")
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        .bool(scope.variables.value(try arguments.string(0, "var_name", of: method), in: scope.package) != nil)
    }
}
