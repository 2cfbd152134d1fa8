import Diagnostics
import Documents
import Jinja

/// `config(...)`, and what the configuration is.
final class ConfigObject: MethodObject {
    private unowned let context: NodeContext

    init(context: NodeContext) { self.context = context }

    override var typeName: String { "config" }
    override var isCallable: Bool { true }
    override var isTruthy: Bool { true }
    override var methods: Set<String> {
        ["get", "require", "set", "persist_relation_docs", "persist_column_docs", "meta_get", "meta_require", "model"]
    }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        guard name == "model", let node = context.node else { return nil }
        return .object(NodeObject(node, world: context.world))
    }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        guard let capture = context.capture else { return .string("") }
        var members: [(name: String, value: Value)] = []
        for argument in arguments.positional {
            guard let dict = argument.dictValue else {
                throw TransformError(.compilation, "config() takes named arguments: config(materialized='table')")
            }
            members += dict.pairs.map { ($0.key.pythonString, $0.value) }
        }
        members += arguments.named
        let names = Set(members.map(\.name))
        for name in ["pre_hook", "post_hook"] where names.contains(name) {
            let other = name.replacing("_", with: "-")
            guard names.contains(other) else { continue }
            throw TransformError(
                .compilation, "config() has both '\(name)' and '\(other)', which mean the same", hint: "keep '\(name)'")
        }
        capture.add(call: members)
        return .string("")
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let fallback = arguments.value(1, "default")
        switch method {
        case "get":
            let name = try arguments.string(0, "name", of: method)
            if context.capture != nil { return fallback ?? .string("") }
            return lookUp(name) ?? fallback ?? .none
        case "require":
            let name = try arguments.string(0, "name", of: method)
            if context.capture != nil { return .string("") }
            if let value = lookUp(name), !value.isNone { return value }
            throw TransformError(.compilation, "the configuration '\(name)' is required", hint: "add \(name)=... to config()")
        case "meta_get":
            let name = try arguments.string(0, "name", of: method)
            return context.node?.config.meta[name].map { Value($0) } ?? fallback ?? .none
        case "meta_require":
            let name = try arguments.string(0, "name", of: method)
            if context.capture != nil { return .string("") }
            if let value = context.node?.config.meta[name] { return Value(value) }
            throw TransformError(.compilation, "the key '\(name)' of meta is required")
        case "persist_relation_docs": return .bool(persists("relation"))
        case "persist_column_docs": return .bool(persists("columns"))
        case "set":
            if let name = arguments.value(0, "name")?.stringValue, let value = arguments.value(1, "value") {
                context.run?.configOverrides[name] = value
            }
            return .string("")
        default: return .string("")
        }
    }

    private func lookUp(_ name: String) -> Value? {
        if let value = context.run?.configOverrides[name] { return value }
        if name == "snapshot_table_column_names" { return snapshotColumns }
        return context.node?.config[NodeConfig.canonicalKey(name)].map { Value($0) }
    }

    /// The five columns that a snapshot adds, under the names that the project gives them.
    private var snapshotColumns: Value {
        let given = context.node?.config["snapshot_meta_column_names"]
        let names = ["dbt_valid_to", "dbt_valid_from", "dbt_scd_id", "dbt_updated_at", "dbt_is_deleted"]
        return .dict(Dict(pairs: names.map { (.string($0), .string(given?[$0]?.string ?? $0)) }))
    }

    private func persists(_ what: String) -> Bool { context.node?.config["persist_docs"]?[what]?.bool ?? false }
}
