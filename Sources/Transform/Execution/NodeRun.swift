import Jinja

/// The state of one node while it is compiled or run, on the thread of one worker.
final class NodeRun {
    let warehouse: WarehouseSession
    let schemas: [String]
    let selected: [NodeID]
    let log: @Sendable (LogMessage) -> Void
    var compilation: Compilation?
    /// What `statement` blocks stored, by name.
    var results: [String: Value] = [:]
    var configOverrides: [String: Value] = [:]
    /// The ephemeral models that the template refers to.
    private(set) var ephemerals: [NodeID] = []
    /// The rows of the seed that is being loaded.
    var seedTable: SeedTable?
    /// The response of the statement called `main`.
    var mainResponse: StatementResponse?
    /// What the main statement's file in target/run holds.
    var writtenCode: String?
    /// dbt's name of the worker's thread.
    var thread = "MainThread"
    /// What `defer_relation` is: the node's relation in another state.
    var deferRelation: Relation?
    /// The window of time that inputs are cut to, for batches and samples.
    var eventWindow: EventWindow?
    /// The batch that runs, as templates see it in `model.batch`.
    var batch: Value?
    /// What names the batch in files: `2024-01-31`.
    var batchLabel: String?
    /// The rows that stand in the place of a unit test's inputs, by the inputs' ids.
    var fixtures: [NodeID: Relation] = [:]
    /// Whether inputs without rows of their own are an error.
    var isUnitTest = false
    /// What stands for `this` in a unit test.
    var thisFixture: Relation?

    init(
        warehouse: WarehouseSession, schemas: [String] = [], selected: [NodeID] = [],
        log: @escaping @Sendable (LogMessage) -> Void
    ) {
        self.warehouse = warehouse
        self.schemas = schemas
        self.selected = selected
        self.log = log
    }

    func needsEphemeral(_ id: NodeID) { if !ephemerals.contains(id) { ephemerals.append(id) } }
    func forgetEphemerals() { ephemerals = [] }
}
