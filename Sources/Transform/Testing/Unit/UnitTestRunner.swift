import Diagnostics
import Documents
import Jinja

/// Runs a model on the rows that a unit test gives and compares what comes out.
struct UnitTestRunner {
    let runner: NodeRunner
    let node: Node
    let test: UnitTest

    /// - Throws: what is wrong with the fixtures or the model.
    func run(on warehouse: WarehouseSession, _ state: NodeRun, into result: inout NodeResult) throws {
        guard let tested = node.dependsOnNodes.first.flatMap({ runner.world.manifest?.nodes[$0] }) else {
            throw TransformError(.compilation, "the model '\(test.model)' of the unit test is not there", location: node.location)
        }
        let world = UnitTestOverrides.world(runner.world, test.overrides.object ?? JSON.Members())
        let unit = makeNode(testing: tested)
        let fixtures = try UnitTestFixtures(world: world, test: test, tested: tested, location: node.location)
            .compile(on: warehouse, into: state, log: runner.log)
        let context = NodeContext(world: world, node: unit, run: state)
        UnitTestOverrides.apply(test.overrides.object ?? JSON.Members(), to: context)
        let template = try Template(
            source: tested.rawCode, name: world.displayPath(of: tested), environment: TemplateEngine.environment)
        let (code, map) = try TemplateEngine.renderMapped(template, globals: context)
        let compilation = try runner.compiler.keep(
            EphemeralInjection.inject(fixtures.map(\.sql), into: code), ephemerals: fixtures, map: map, for: node)
        result.compiledPath = compilation.path
        result.compiledCode = compilation.code
        try materialize(unit, compilation, world: runner.world, on: warehouse, into: &result)
    }

    /// The model under the test's name, materialized as a comparison.
    private func makeNode(testing tested: Node) -> Node {
        var unit = tested
        unit.id = node.id
        unit.name = node.name
        unit.alias = node.name
        unit.resourceType = .unitTest
        unit.originalPath = node.originalPath
        unit.relationName = nil
        unit.config = tested.config
        unit.config["materialized"] = "unit"
        unit.config["expected_rows"] = .array(test.expect.items)
        unit.config["expected_sql"] = test.expect.sql.map(JSON.string) ?? .null
        return unit
    }

    private func materialize(
        _ unit: Node, _ compilation: Compilation, world: RenderWorld, on warehouse: WarehouseSession,
        into result: inout NodeResult
    ) throws {
        let state = NodeRun(warehouse: warehouse, schemas: runner.schemas, selected: runner.selected, log: runner.log)
        state.compilation = compilation
        let context = NodeContext(world: world, node: unit, run: state)
        let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
        do {
            _ = try withExtendedLifetime(context) { try runner.materialize(unit, context, runtime) }
        } catch {
            var described = NodeFailure(node: node, world: world, compiler: runner.compiler)
                .describe(error, compilation: compilation, written: state.writtenCode, sent: warehouse.lastStatement)
            described = TransformError(
                described.kind,
                "An error occurred during execution of unit test '\(node.name)'. There may be an error in the unit test "
                    + "definition: check the data types.\n \(described.message)", location: described.location,
                hint: described.hint, details: described.details)
            throw described
        }
        guard let table = state.results["main"]?.dictValue?["table"]?.objectValue as? TableObject else {
            throw TransformError(.compilation, "the materialization 'unit' ran no statement called 'main'")
        }
        result.response = state.mainResponse
        let comparison = UnitTestComparison(table)
        result.status = comparison.isEqual ? .pass : .fail
        result.failures = comparison.isEqual ? 0 : 1
        result.message = comparison.isEqual ? nil : comparison.text
    }
}
