import Documents
import Testing

@testable import Orchestrate

struct ParameterTests {
    private func pipeline(_ parameters: [(String, JSON, JSON?)]) throws -> PipelineDefinition {
        PipelineDefinition(
            id: "p", tasks: [TaskDefinition(id: "a")],
            parameters: try parameters.map { ParameterDefinition(name: $0.0, schema: try ValueSchema($0.1), defaultValue: $0.2) })
    }

    static let cases: [(JSON, JSON, String?)] = [
        (["type": "integer"], 3, nil), (["type": "integer"], 3.0, nil),
        (["type": "integer"], 3.5, "x must be a whole number, not 3.5"),
        (["type": "integer"], "3", #"x must be a whole number, not "3""#), (["type": ["string", "null"]], nil, nil),
        (["type": ["string", "integer"]], true, "x must be a text or a whole number, not true"),
        (["minimum": 3], 2, "x must be at least 3, not 2"), (["exclusiveMaximum": 3], 3, "x must be below 3, not 3"),
        (["multipleOf": 5], 12, "x must be a multiple of 5, not 12"), (["maximum": 3], "text", nil),
        (["enum": ["full", "delta"]], "ful", #"x must be one of full, delta, not "ful": did you mean 'full'?"#),
        (["enum": [1]], 1.0, nil), (["const": "a"], "b", #"x must be "a", not "b""#),
        (["minLength": 2], "ä", "x must have at least 2 characters, not 1"), (["pattern": "^[a-z]+$"], "a1", "x must match"),
        (["format": "date"], "2026-02-30", "x must be a date, which '2026-02-30' is not"),
        (["format": "date"], "2026-02-28", nil),
        (["format": "date-time"], "2026-02-28T01:00:00Z", nil), (["format": "time"], "25:00", "must be a time"),
        (["format": "uuid"], "0189d2f0-0000-7000-8000-000000000000", nil), (["format": "email"], "nobody", "must be a email"),
        (["format": "duration"], "90s", nil),
        (["items": ["type": "integer"]], [1, "b"], #"x[1] must be a whole number, not "b""#),
        (["minItems": 1], [], "x must have at least 1 item, not 0"),
        (["uniqueItems": true], [1, 1], "x must have no item twice"),
        (["required": ["a"]], ["b": 1], "x.a is missing"),
        (
            ["properties": ["days": ["type": "integer"]], "additionalProperties": false], ["dais": 1],
            "x.dais is not known: did you mean 'days'?"
        ),
        (["properties": ["a": ["items": ["minimum": 1]]]], ["a": [2, 0]], "x.a[1] must be at least 1, not 0"),
        (["anyOf": [["type": "string"], ["minimum": 3]]], 1, "x must be a text, not 1, or x must be at least 3, not 1"),
        (["oneOf": [["minimum": 1], ["minimum": 2]]], 3, "x fits 2 of the choices"),
        (["not": ["type": "null"]], nil, "must not be null"),
        (["allOf": [["minimum": 1], ["maximum": 2]]], 3, "x must be at most 2, not 3"), (true, 3, nil),
    ]

    @Test("says what is wrong with a value, and where in it", arguments: cases)
    func values(schema: JSON, value: JSON, problem: String?) throws {
        let problems = try ValueSchema(schema).problems(of: value, named: "x")
        if let problem {
            #expect(problems.first?.contains(problem) == true, "\(problems)")
        } else {
            #expect(problems.isEmpty, "\(problems)")
        }
    }

    @Test(
        "refuses schemas that say nothing, with what was meant",
        arguments: [
            (["minumum": 3], "did you mean 'minimum'?"), (["type": "strng"], "did you mean 'string'?"),
            (["format": "dat"], "did you mean 'date'?"), (["items": ["typ": "string"]], "did you mean 'type'?"),
        ] as [(JSON, String)])
    func schemas(schema: JSON, hint: String) {
        let error = #expect(throws: OrchestrateError.self) { try ValueSchema(schema) }
        #expect(error?.kind == .badValue && error?.hint == hint, "\(String(describing: error))")
    }

    @Test("refuses schemas whose words have values that cannot be")
    func badSchemas() {
        for schema: JSON in [
            ["pattern": "("], ["minLength": -1], ["minimum": "x"], ["enum": 3], ["anyOf": []], ["properties": 1], 7,
        ] {
            #expect(throws: OrchestrateError.self) { try ValueSchema(schema) }
        }
    }

    @Test("fills in defaults, and names each field that is wrong")
    func resolves() throws {
        let pipeline = try pipeline([
            ("day", ["type": "string", "format": "date"], nil), ("n", ["type": "integer", "minimum": 1], 3),
        ])
        #expect(try pipeline.parameters(from: ["day": "2026-01-31"]) == ["day": "2026-01-31", "n": 3])
        let error = #expect(throws: OrchestrateError.self) { try pipeline.parameters(from: ["n": 0, "dayy": "x"]) }
        #expect(error?.kind == .badParameters)
        #expect(error?.message == "the parameters do not fit pipeline 'p': day is missing")
        #expect(error?.details == ["n must be at least 1, not 0", "there is no parameter 'dayy'; did you mean 'day'?"])
        #expect(try PipelineDefinition(id: "q", tasks: []).parameters(from: ["any": 1]) == ["any": 1])
    }

    @Test("a run has its defaults, and does not begin with what does not fit")
    func runs() async throws {
        let pipeline = try pipeline([("n", ["type": "integer"], 3)])
        let seen = Collected<JSON>()
        let executor = FakeExecutor { attempt, _ in
            seen.add(attempt.run.parameters)
            return .success
        }
        let store = MemoryStore()
        _ = try await PipelineRunner(store: store, executor: executor).run(pipeline)
        #expect(seen.all == [["n": 3]])
        await #expect(throws: OrchestrateError.self) {
            try await PipelineRunner(store: store, executor: executor).run(pipeline, request: RunRequest(parameters: ["n": "x"]))
        }
        #expect(seen.all.count == 1)
    }

    @Test("the scheduler fills in defaults, and records what does not fit as the run's failure")
    func scheduled() async throws {
        let place = SQLiteStoreTests.Place()
        let pipeline = try pipeline([("n", ["type": "integer"], 3)])
        let store = try SQLiteStore(path: place.path)
        try await SchedulerHarness.run(FakeProvider([ScheduledPipeline(pipeline)]), store: store) { harness in
            let control = RunControl(store: harness.store, author: Author("me"))
            try await control.trigger(pipeline, RunRequest(name: "good"))
            try await harness.waitForEnd(of: "good")
            #expect(try await harness.store.run(RunID(pipeline: "p", name: "good"))?.parameters == ["n": 3])
            // Past the check: as a definition that has changed since.
            try await control.trigger("p", RunRequest(name: "bad", parameters: ["n": "x"]))
            let result = try await harness.waitForEnd(of: "bad")
            #expect(result.state == .failed && result.reason?.contains("n must be a whole number") == true)
            await #expect(throws: OrchestrateError.self) {
                try await control.trigger(pipeline, RunRequest(parameters: ["n": "x"]))
            }
        }
    }
}
