import Diagnostics
import Jinja

/// `dbt_utils`: the macros of a package.
final class MacroNamespaceObject: Object {
    private let name: String
    private let macros: [String: MacroRecord]
    private unowned let context: NodeContext
    /// Whether there are more macros than these, so that what is missing is no mistake.
    private let isPartial: Bool
    private var cache: [String: Value] = [:]

    init(_ name: String, macros: [String: MacroRecord], context: NodeContext, isPartial: Bool = false) {
        self.isPartial = isPartial
        self.name = name
        self.macros = macros
        self.context = context
    }

    override var typeName: String { "package '\(name)'" }
    override var isTruthy: Bool { true }
    override var isMapping: Bool { true }
    override func iterate() throws -> [Value]? { macros.keys.sorted().map { .string($0) } }
    override func contains(_ value: Value) throws -> Bool? { value.stringValue.map { macros[$0] != nil } ?? false }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        if let value = context.macroOverrides[self.name + "." + name] ?? cache[name] { return value }
        if let macro = macros[name] {
            let value = context.callable(macro)
            cache[name] = value
            return value
        }
        guard name == "get" else {
            if isPartial { return nil }
            throw TransformError(
                .compilation, "the package '\(self.name)' has no macro '\(name)'",
                hint: Suggestion.hint(for: name, in: macros.keys.sorted()))
        }
        return .function("get") { [self] arguments, _ in
            macros[try arguments.string(0, "name", of: "get")].map { context.callable($0) } ?? arguments.value(1, "default")
                ?? .none
        }
    }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        guard let name = key.stringValue, let macro = macros[name] else { return nil }
        return context.callable(macro)
    }
}
