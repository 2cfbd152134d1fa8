import Diagnostics
import Documents
import Jinja

/// Turns the rows that a unit test gives into common table expressions in the place of the model's inputs.
struct UnitTestFixtures {
    let world: RenderWorld
    let test: UnitTest
    let tested: Node
    let location: SourceLocation

    /// Compiles all fixtures, and tells `state` what stands for what.
    func compile(
        on warehouse: WarehouseSession, into state: NodeRun, log: @escaping @Sendable (LogMessage) -> Void
    ) throws -> [Compilation.Ephemeral] {
        state.isUnitTest = true
        return try test.given.map { fixture in
            let (input, name) = try input(of: fixture)
            let relation = Relation(database: nil, schema: nil, identifier: Relation.ephemeralName(name), type: .cte)
            if fixture.input?.trimmingSpaces == "this" {
                state.thisFixture = relation
            } else {
                state.fixtures[input.id] = relation
            }
            let run = NodeRun(warehouse: warehouse, log: log)
            var node = input
            node.resourceType = .model
            let context = NodeContext(world: world, node: node, run: run)
            run.deferRelation = world.deferredRelation(of: input.id)
            return .init(
                id: input.id,
                sql: EphemeralInjection.expression(
                    name: Relation.ephemeralName(name), sql: try sql(of: fixture, in: context)))
        }
    }

    private func sql(of fixture: UnitTest.Fixture, in context: NodeContext) throws -> String {
        if let sql = fixture.sql {
            let template = try Template(source: sql, name: "fixture", environment: TemplateEngine.environment)
            return try TemplateEngine.render(template, globals: context)
        }
        guard let macro = world.macros.macro(named: "get_fixture_sql", from: context.package) else { return "" }
        let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
        let rows = Value(JSON.array(fixture.items))
        return try withExtendedLifetime(context) {
            try runtime.call(context.callable(macro), Arguments([rows, .none])).pythonString
        }
    }

    /// The node or source that the fixture stands for, and the name of its expression.
    private func input(of fixture: UnitTest.Fixture) throws -> (Node, String) {
        let text = fixture.input?.trimmingSpaces ?? ""
        if text == "this" { return (tested, tested.alias) }
        let capture = try ArgumentRenderer.capture(text, world: world.scope, at: location)
        if let ref = capture.refs.first, let node = world.manifest?.resolve(ref, from: tested.packageName) {
            return (node, node.alias)
        }
        if let call = capture.sources.first, let source = world.manifest?.resolve(call, from: tested.packageName) {
            return (node(for: source), "\(source.sourceName)__\(source.name)")
        }
        throw TransformError(
            .schema, "the unit test has an input (\(text)) which was not found in the manifest", location: location,
            hint: "write ref('model'), source('name', 'table') or this")
    }

    /// A source as a node, so that macros can ask for its columns.
    private func node(for source: SourceDefinition) -> Node {
        Node(
            id: source.id, name: source.name, resourceType: .model, packageName: source.packageName, path: source.path,
            originalPath: source.originalPath, rawCode: "", fqn: source.fqn, alias: source.identifier, schema: source.schema,
            database: source.database, relationName: source.relationName, checksum: .none,
            config: NodeConfig.defaults(for: .model), location: source.location)
    }
}
