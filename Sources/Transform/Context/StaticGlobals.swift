import Documents
import Jinja

/// The names that every template knows.
final class StaticGlobals: Globals {
    private let scope: StaticScope
    private var cache: [String: Value] = [:]
    /// Called with the name of each environment variable that is read.
    var onEnvironment: ((String) -> Void)?

    init(_ scope: StaticScope) { self.scope = scope }

    func value(named name: String) throws -> Value? {
        if let value = cache[name] { return value }
        guard let value = make(name) else { return nil }
        cache[name] = value
        return value
    }

    private func make(_ name: String) -> Value? {
        switch name {
        case "env_var": return .function(name) { [unowned self] arguments, _ in try environmentVariable(arguments) }
        case "var": return .object(VariableFunction(scope))
        case "target": return scope.target.map { Value($0) }
        case "dbt_version": return .string(Invocation.dbtVersion)
        case "invocation_id": return .string(scope.invocation.id)
        case "run_started_at":
            var time = scope.invocation.startedAt.dateTime
            time.offset = 0
            return .object(DateTimeObject(time, kind: .datetime))
        case "invocation_args_dict": return Value(scope.invocation.arguments)
        case "flags": return .object(FlagsObject(scope.invocation.flags))
        case "modules": return Modules.make()
        case "thread_id": return "leat"
        case "dbt_metadata_envs": return Value(scope.metadataEnvironment)
        case "log", "print": return .function(name) { [scope] arguments, _ in Self.log(name, arguments, scope) }
        default: return CommonFunctions.function(named: name)
        }
    }

    private static func log(_ name: String, _ arguments: Arguments, _ scope: StaticScope) -> Value {
        let text = arguments.value(0, "msg")?.pythonString ?? ""
        let isVisible = name == "print" || (arguments.value(1, "info")?.isTruthy ?? false)
        var message = LogMessage(isVisible ? .info : .debug, text)
        message.isOutput = name == "print"
        if message.isOutput, scope.invocation.flags["PRINT"]?.bool == false { return .string("") }
        scope.log(message)
        return .string("")
    }

    private func environmentVariable(_ arguments: Arguments) throws -> Value {
        let name = try arguments.string(0, "var", of: "env_var")
        if name.hasPrefix(StaticScope.secretPrefix), !scope.allowsSecrets {
            throw TransformError(
                .compilation, "the secret variable '\(name)' may be read only in profiles.yml and packages.yml")
        }
        onEnvironment?(name)
        if let value = scope.environment[name] { return .string(value) }
        if let fallback = arguments.value(1, "default"), !fallback.isNone { return fallback }
        throw TransformError(
            .unknownVariable, "the environment variable '\(name)' is not set",
            hint: "set it, or give a default: env_var('\(name)', 'default')")
    }
}
