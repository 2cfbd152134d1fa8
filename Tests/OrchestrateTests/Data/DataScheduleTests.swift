import Documents
import Testing

@testable import Orchestrate

@Suite("Schedules on data")
struct DataScheduleTests {
    private let place = SQLiteStoreTests.Place()
    private static let orders = DataReference(.connection, "Orders")
    private static let stock = DataReference(.model, "stock")
    private static let moment = Timestamp(seconds: 1_700_000_000)

    @Test(
        "all, any and what is nested in them",
        arguments: [
            ([], false, false, false), ([orders], false, true, false), ([orders, stock], true, true, true),
            ([stock, DataReference(.event, "go")], false, true, true),
        ] as [(Set<DataReference>, Bool, Bool, Bool)])
    func conditions(updated: Set<DataReference>, all: Bool, any: Bool, nested: Bool) {
        let both: [DataCondition] = [.updated(Self.orders), .updated(Self.stock)]
        #expect(DataCondition.all(both).holds(updated) == all)
        #expect(DataCondition.any(both).holds(updated) == any)
        let deep = DataCondition.all([
            .updated(Self.stock), .any([.updated(Self.orders), .updated(DataReference(.event, "go"))]),
        ])
        #expect(deep.holds(updated) == nested)
        #expect(deep.description == "model:stock and (connection:Orders or event:go)")
    }

    private static func announce(_ references: DataReference..., in store: SQLiteStore) async throws {
        for reference in references { try await store.announce(DataEvent(at: Self.moment, reference), by: Author("me")) }
    }

    private func run(_ taken: DataTaken) -> RunRecord? {
        if case .run(let run) = taken { run } else { nil }
    }

    @Test("each change counts once for each pipeline, and the run says which began it")
    func once() async throws {
        let store = try SQLiteStore(path: place.path)
        let all = DataCondition.all([.updated(Self.orders), .updated(Self.stock)])
        let any = DataCondition.any([.updated(Self.orders), .updated(Self.stock)])
        try await Self.announce(Self.orders, in: store)
        try await store.watchData(for: ["all", "any"])
        #expect(try await store.takeData(for: "any", any, at: Self.moment) == .nothing, "what was before does not count")
        try await Self.announce(Self.orders, Self.orders, in: store)
        #expect(try await store.takeData(for: "all", all, at: Self.moment) == .nothing)
        let first = try #require(run(try await store.takeData(for: "any", any, at: Self.moment)))
        #expect(first.kind == .triggered && first.dueAt == Self.moment)
        #expect(try await store.takeData(for: "any", any, at: Self.moment) == .nothing)
        try await store.watchData(for: ["all", "any"])
        try await Self.announce(Self.stock, in: store)
        // The run before has not begun: its successor will have all that comes meanwhile.
        #expect(try await store.takeData(for: "any", any, at: Self.moment) == .held)
        let both = try #require(run(try await store.takeData(for: "all", all, at: Self.moment)))
        #expect(try await store.dataEvents(of: both.id).map(\.reference) == [Self.orders, Self.orders, Self.stock])
        #expect(try await store.dataEvents(of: first.id).map(\.id) == [2, 3])
        #expect(try await store.dataEvents(of: Self.stock, limit: 10).count == 1)
        #expect(try await store.audit(AuditFilter(action: "announce")).count == 4)
        try store.close()
    }

    @Test("a run begins when tasks have changed what it waits for, and one after another pipeline's success")
    func chain() async throws {
        let store = try SQLiteStore(path: place.path)
        let executor = FakeExecutor { attempt, _ in
            if attempt.run.id.pipeline == "broken" { throw TaskFailure("broken") }
            let isSource = attempt.run.id.pipeline == "source"
            return TaskOutcome(updates: isSource ? [DataUpdate(Self.orders, details: ["rows": 5])] : [])
        }
        func pipeline(_ id: PipelineID, _ data: DataCondition? = nil) -> ScheduledPipeline {
            ScheduledPipeline(
                PipelineDefinition(
                    id: id, tasks: [TaskDefinition(id: "a", outlets: id == "source" ? [DataReference(.table, "t.x")] : [])],
                    data: data))
        }
        let provider = FakeProvider(
            [
                pipeline("source"), pipeline("broken"),
                pipeline("second", .all([.updated(Self.orders), .updated(DataReference(.table, "t.x"))])),
                pipeline("third", .updated(DataReference(.pipeline, "second"))),
                pipeline("never", .updated(DataReference(.pipeline, "broken"))),
            ], executor: executor)
        try await SchedulerHarness.run(provider, store: store) { harness in
            try await harness.waitFor { if case .started = $0 { true } else { false } }
            let control = RunControl(store: store, author: Author("me"))
            try await control.trigger("broken", RunRequest(name: "b"))
            try await harness.waitForEnd(of: "b")
            try await control.trigger("source", RunRequest(name: "s"))
            try await harness.waitFor { event in
                if case .run(let event) = event, event.run.pipeline == "third", case .runFinished = event.kind {
                    true
                } else {
                    false
                }
            }
        }
        #expect(try await store.runs(of: "never").isEmpty)
        let second = try #require(try await store.runs(of: "second").first)
        #expect(try await store.runs(of: "second").count == 1 && second.state == .success)
        let events = try await store.dataEvents(of: second.id)
        #expect(events.map(\.reference) == [Self.orders, DataReference(.table, "t.x")])
        #expect(events.first?.run == RunID(pipeline: "source", name: "s") && events.first?.details == ["rows": 5])
        try store.close()
    }

    @Test("changes made while nobody looks, or while the pipeline is paused, begin one run afterwards")
    func paused() async throws {
        let store = try SQLiteStore(path: place.path)
        let definition = PipelineDefinition(id: "p", tasks: [TaskDefinition(id: "a")], data: .updated(Self.orders))
        let provider = FakeProvider([ScheduledPipeline(definition)])
        try await SchedulerHarness.run(provider, store: store) { harness in
            try await harness.waitFor { if case .started = $0 { true } else { false } }
        }
        try await Self.announce(Self.orders, in: store)
        let control = RunControl(store: store, author: Author("me"))
        try await control.setPaused(true, of: "p")
        provider.set([ScheduledPipeline(definition)])
        try await SchedulerHarness.run(provider, store: store) { harness in
            try await harness.waitFor { if case .started = $0 { true } else { false } }
            #expect(try await store.runs(of: "p").isEmpty)
            try await control.announce("other")
            try await Self.announce(Self.orders, in: store)
            try await control.setPaused(false, of: "p")
            try await harness.waitFor { event in
                if case .run(let event) = event, case .runFinished = event.kind { true } else { false }
            }
        }
        let runs = try await store.runs(of: "p")
        #expect(runs.count == 1)
        #expect(try await store.dataEvents(of: runs[0].id).count == 2)
        try store.close()
    }

    @Test("a webhook's payload becomes parameters, of which a pipeline takes those that it has")
    func webhook() async throws {
        let store = try SQLiteStore(path: place.path)
        let control = RunControl(store: store, author: Author("hook"))
        let open = PipelineDefinition(id: "open", tasks: [])
        let run = try await control.trigger(webhook: open, payload: ["a": 1, "b": [2]])
        #expect(run.parameters == ["a": 1, "b": [2]] && run.kind == .triggered)
        let strict = PipelineDefinition(
            id: "strict", tasks: [],
            parameters: [ParameterDefinition(name: "a", schema: try ValueSchema(["type": "integer"]))])
        #expect(try await control.trigger(webhook: strict, payload: ["a": 1, "b": 2]).parameters == ["a": 1])
        await #expect(throws: OrchestrateError.self) { try await control.trigger(webhook: strict, payload: ["a": "x"]) }
        #expect(try await store.audit(limit: 9).map(\.author.name) == ["hook", "hook"])
        try store.close()
    }
}
