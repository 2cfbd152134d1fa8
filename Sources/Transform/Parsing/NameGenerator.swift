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

    init(world: RenderWorld, package: String) {
        self.world = world
        // The macro sees the project, not the package of the node.
        context = NodeContext(world: world, node: nil, package: world.root.name, capture: ParseCapture())
        runtime = Runtime(environment: TemplateEngine.environment, globals: context)
        var macros: [String: Value] = [:]
        for component in ["database", "schema", "alias"] {
            macros[component] = world.macros.nameGenerator(component, for: package).map(context.callable)
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
        node.relationName = node.isRelational ? world.relation(of: node).rendered : nil
    }

    private func generate(_ component: String, _ custom: String?, _ node: Node) throws -> String? {
        guard let macro = macros[component] else { return custom }
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
}
