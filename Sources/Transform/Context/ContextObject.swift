import Jinja

/// `context`: everything a template sees, by name.
final class ContextObject: MethodObject {
    private unowned let context: NodeContext

    init(_ context: NodeContext) { self.context = context }

    override var typeName: String { "dict" }
    override var isTruthy: Bool { true }
    override var isMapping: Bool { true }
    override func iterate() throws -> [Value]? {
        context.world.macros.builtIn.keys.sorted().map { .string($0) }
    }
    override func contains(_ value: Value) throws -> Bool? {
        guard let name = value.stringValue else { return false }
        return try context.value(named: name) != nil
    }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        methods.contains(name) ? nil : try runtime.value(named: name)
    }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        guard let name = key.stringValue else { return nil }
        return try context.value(named: name) ?? runtime.value(named: name)
    }

    override var methods: Set<String> { ["get", "keys", "items", "values"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        guard method == "get" else { return try .list(List(iterate() ?? [])) }
        let key = try arguments.required(0, "key", of: method)
        return try item(key, runtime) ?? arguments.value(1, "default") ?? .none
    }
}
