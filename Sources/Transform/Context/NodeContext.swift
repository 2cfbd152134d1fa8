import Documents
import Jinja

/// What a node's template sees: macros, the node, the warehouse.
final class NodeContext: Globals {
    let world: RenderWorld
    /// Whose macros a bare name means first.
    let package: String
    let node: Node?
    /// Set while the project is parsed: then nothing reaches the warehouse, and calls are noted.
    let capture: ParseCapture?
    /// Set while the node is compiled or run.
    let run: NodeRun?
    /// Names that win over all others.
    var extra: [String: Value] = [:]
    /// Values that stand in the place of macros, by `package.macro`.
    var macroOverrides: [String: Value] = [:]
    /// How many macros are running, one in the other.
    var macroDepth = 0
    /// The ids of the macros that there are, where not all of them are to be seen.
    var visibleMacros: Set<String>?
    let statics: StaticGlobals
    private var cache: [String: Value] = [:]

    init(world: RenderWorld, node: Node?, package: String? = nil, capture: ParseCapture? = nil, run: NodeRun? = nil) {
        self.world = world
        self.node = node
        self.package = package ?? node?.packageName ?? world.root.name
        self.capture = capture
        self.run = run
        var scope = world.scope
        scope.package = self.package
        if let log = run?.log { scope.log = log }
        statics = StaticGlobals(scope)
    }

    /// Whether templates may ask the warehouse.
    var executes: Bool { run != nil }

    func value(named name: String) throws -> Value? {
        if let value = cache[name] { return value }
        guard let value = try make(name) else { return nil }
        cache[name] = value
        return value
    }

    /// Puts a value in the place of a name.
    func set(_ name: String, _ value: Value) {
        extra[name] = value
        cache[name] = value
    }

    private func make(_ name: String) throws -> Value? {
        if let value = extra[name] { return value }
        if let macro = world.macros.macro(named: name, from: package), visibleMacros?.contains(macro.id) ?? true {
            return .object(MacroCallable(macro, context: self))
        }
        if let value = try nodeValue(name) { return value }
        if let value = try statics.value(named: name) { return value }
        if let namespace = world.macros.namespace(name) {
            guard let visible = visibleMacros else {
                return .object(MacroNamespaceObject(name, macros: namespace, context: self))
            }
            let macros = namespace.filter { visible.contains($0.value.id) }
            return macros.isEmpty ? nil : .object(MacroNamespaceObject(name, macros: macros, context: self, isPartial: true))
        }
        return nil
    }

    /// A macro to call.
    func callable(_ macro: MacroRecord) -> Value { .object(MacroCallable(macro, context: self)) }

    private func nodeValue(_ name: String) throws -> Value? {
        switch name {
        case "ref": return .object(RefFunction(context: self))
        case "source": return .object(SourceFunction(context: self))
        case "function": return .object(FunctionFunction(context: self))
        case "config": return .object(ConfigObject(context: self))
        case "builtins":
            return try .dict(
                Dict(pairs: ["ref", "source", "config"].map { (.string($0), try nodeValue($0) ?? .none) }))
        case "this":
            if let fixture = run?.thisFixture { return .object(RelationObject(fixture)) }
            return node.map { $0.resourceType == .operation ? .none : .object(RelationObject(world.relation(of: $0))) }
        case "model":
            return node.map { node in
                let model = Value(NodeArtifact.json(of: node, compilation: run?.compilation, world: world))
                if let batch = run?.batch { model.dictValue?["batch"] = batch }
                return model
            }
        case "schema": return Value(optional: node?.schema ?? world.profile.credentials.schema)
        case "database": return Value(optional: node?.database ?? world.profile.credentials.database)
        case "execute": return .bool(executes)
        case "adapter": return .object(AdapterObject(context: self))
        case "api": return ["Relation": .object(RelationClass()), "Column": .object(ColumnClass())]
        case "context": return .object(ContextObject(self))
        case "exceptions": return .object(ExceptionsObject(context: self))
        case "project_name": return .string(world.root.name)
        case "graph": return .object(GraphObject(world))
        case "doc": return .object(DocFunction(context: self))
        case "schemas": return Value(run?.schemas ?? [])
        case "selected_resources": return Value((run?.selected ?? []).map(\.rawValue))
        case "sql", "compiled_code", "compiled_sql": return run?.compilation.map { .string($0.code) }
        case "pre_hooks": return node.map { hooks($0.config.preHooks) }
        case "post_hooks": return node.map { hooks($0.config.postHooks) }
        case "connection_name": return .string(node?.id.rawValue ?? "master")
        case "thread_id": return .string(run?.thread ?? "MainThread")
        case "defer_relation": return run?.deferRelation.map { .object(RelationObject($0)) } ?? Value.none
        case "metric", "validation": return Value.none
        default: return run == nil ? parsingStub(name) : RunFunctions.function(named: name, context: self)
        }
    }

    private func hooks(_ hooks: [Hook]) -> Value { .list(List(hooks.map { Value($0.json) })) }

    /// What does nothing while the project is parsed.
    private func parsingStub(_ name: String) -> Value? {
        switch name {
        case "store_result", "store_raw_result", "write", "render": .function(name) { _, _ in .string("") }
        case "load_result": .function(name) { _, _ in .none }
        case "load_agate_table": .function(name) { _, _ in .object(TableObject.empty()) }
        default: nil
        }
    }
}
