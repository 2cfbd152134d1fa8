import Documents
import Jinja

/// Gives nodes their database, schema and alias through the `generate_..._name` macros.
///
/// Belongs to one thread; one instance serves all nodes of a package.
final class NameGenerator {
    private let world: RenderWorld
    private let context: NodeContext
    private let runtime: Runtime
    private let macros: [String: Value]
    private var standard: Set<String> = []
    private var independent: Set<String> = []
    private var known: [String: [String?: String?]] = [:]

    init(world: RenderWorld, package: String) {
        self.world = world
        // The macro sees the project, not the package of the node.
        context = NodeContext(world: world, node: nil, package: world.root.name, capture: ParseCapture())
        runtime = Runtime(environment: TemplateEngine.environment, globals: context)
        var macros: [String: Value] = [:]
        for component in ["database", "schema", "alias"] {
            guard let macro = world.macros.nameGenerator(component, for: package) else { continue }
            macros[component] = context.callable(macro)
            if Self.isStandard(component, macro, world) { standard.insert(component) }
            if Self.isIndependent(macro) { independent.insert(component) }
        }
        self.macros = macros
    }

    /// Sets the names of a node, and what SQL calls it.
    func name(_ node: inout Node) throws {
        let config = node.config
        let credentials = world.profile.credentials
        node.database = credentials.database
        node.schema = credentials.schema
        node.database = try generate("database", config.database, node) ?? credentials.database
        node.schema = try generate("schema", config.schema, node) ?? credentials.schema
        node.alias = try generate("alias", config.alias, node) ?? node.name
        if node.resourceType == .snapshot {
            if let schema = config["target_schema"]?.string, !schema.isEmpty { node.schema = schema }
            if let database = config["target_database"]?.string, !database.isEmpty { node.database = database }
        }
        node.relationName = node.isRelational || storesByFlag(node) ? world.relation(of: node).rendered : nil
    }

    /// Whether a test keeps its failing rows because the command line says so, and the test does not say no.
    private func storesByFlag(_ node: Node) -> Bool {
        node.resourceType == .test && world.options.storeFailures && node.config["store_failures"]?.bool == nil
            && node.config["store_failures_as"]?.string == nil
    }

    private func generate(_ component: String, _ custom: String?, _ node: Node) throws -> String? {
        guard let macro = macros[component] else { return custom }
        if standard.contains(component) { return standardName(component, custom, node) }
        let isShared = independent.contains(component)
        if isShared, let known = known[component]?[custom] { return known }
        let name = try call(macro, component, custom, node)
        if isShared { known[component, default: [:]][custom] = .some(name) }
        return name
    }

    private func call(_ macro: Value, _ component: String, _ custom: String?, _ node: Node) throws -> String? {
        do {
            let value = try runtime.call(macro, Arguments([Value(optional: custom), .object(NodeObject(node, world: world))]))
            if value.isNone || value.isUndefined { return nil }
            return value.pythonString.trimmingWhitespaceBytes
        } catch {
            var error = TransformError(template: error)
            error.details.append("while naming the \(component) of \(node.id)")
            throw error
        }
    }

    /// What the built-in macros give.
    private func standardName(_ component: String, _ custom: String?, _ node: Node) -> String? {
        switch component {
        case "database": return custom?.trimmingWhitespaceBytes
        case "schema":
            let base = world.profile.credentials.schema
            return custom.map { base + "_" + $0.trimmingWhitespaceBytes } ?? base
        default:
            if let custom, !custom.isEmpty { return custom.trimmingWhitespaceBytes }
            return node.version.map { node.name + "_v" + $0.replacing(".", with: "_") } ?? node.name
        }
    }

    /// Whether the macro is the built-in one, in the end.
    private static func isStandard(_ component: String, _ macro: MacroRecord, _ world: RenderWorld) -> Bool {
        guard MacroLibrary.builtInPackages.contains(macro.package) else { return false }
        let chosen = try? world.macros.dispatch("generate_\(component)_name", namespace: "dbt", from: world.root.name)
        return chosen.map { MacroLibrary.builtInPackages.contains($0.package) } ?? false
    }

    /// Whether the name depends on nothing but what is configured: then all nodes with the same setting share it.
    private static func isIndependent(_ macro: MacroRecord) -> Bool {
        guard let end = macro.header.lastIndex(of: ")"), let range = macro.source.firstRange(of: macro.header[...end]) else {
            return false
        }
        let body = macro.source[range.upperBound...]
        let others = [
            "node", "model", "this", "context", "graph", "run_query", "statement", "adapter", "varargs", "modules", "log",
        ]
        return !others.contains { body.contains($0) }
    }
}
