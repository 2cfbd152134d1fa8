import Diagnostics
import Documents
import Jinja

/// Makes a node of a template from the command line.
enum InlineNode {
    /// - Parameter name: `inline_query`.
    /// - Throws: ``TransformError`` where the template does not parse.
    static func make(_ code: String, name: String, world: RenderWorld) throws -> Node {
        let root = world.root.name
        let path = "sql/\(name)"
        var node = Node(
            id: NodeID("sql_operation.\(root).\(name)"), name: name, resourceType: .sqlOperation, packageName: root,
            path: path, originalPath: "from remote system", rawCode: code, fqn: [root, "sql", name], alias: name,
            schema: world.profile.credentials.schema, database: world.profile.credentials.database, relationName: nil,
            checksum: Checksum.sha256(of: code), config: NodeConfig.defaults(for: .sqlOperation),
            location: SourceLocation(file: name))
        guard YAMLRenderer.holdsTemplate(code) else { return node }
        do {
            let capture = ParseCapture()
            let template = try Template(source: code, name: name, environment: TemplateEngine.environment)
            let context = NodeContext(world: world, node: node, capture: capture)
            let runtime = Runtime(environment: TemplateEngine.parsingEnvironment, globals: context)
            _ = try withExtendedLifetime(context) { try runtime.render(template) }
            node.config.merge(capture.config)
            node.refs = capture.refs
            node.sources = capture.sources
            node.dependsOnMacros = capture.macros
            node.dependsOnNodes = capture.refs.compactMap { world.manifest?.resolve($0, from: root)?.id }
            node.dependsOnNodes += capture.sources.compactMap { world.manifest?.resolve($0, from: root)?.id }
        } catch {
            throw TransformError(template: error)
        }
        return node
    }
}
