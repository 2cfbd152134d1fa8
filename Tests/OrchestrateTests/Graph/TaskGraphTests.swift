import Diagnostics
import Testing

@testable import Orchestrate

struct TaskGraphTests {
    private func names(_ graph: TaskGraph, before task: TaskID) -> Set<TaskID> {
        Set(graph.upstream[graph.index(of: task) ?? 0].map { graph.tasks[$0].id })
    }

    private func problem(_ tasks: [TaskDefinition], groups: [TaskGroupDefinition] = []) -> OrchestrateError? {
        do {
            _ = try TaskGraph(PipelineDefinition(id: "p", tasks: tasks, groups: groups))
            return nil
        } catch {
            return error
        }
    }

    @Test("names the task that is meant when one waits for an unknown one")
    func unknown() throws {
        let error = try #require(
            problem([
                TaskDefinition(id: "ingest"),
                TaskDefinition(id: "b", upstream: ["ingst"], location: SourceLocation(file: "leat.yml", line: 7)),
            ]))
        #expect(error.kind == .unknownUpstream)
        #expect(
            error.description
                == "leat.yml:7: task 'b' of pipeline 'p' waits for 'ingst', which does not exist\n  hint: did you mean 'ingest'?")
    }

    @Test("who waits for a group with a teardown waits for what the teardown follows, too")
    func teardown() throws {
        let graph = try TaskGraph(
            PipelineDefinition(
                id: "p",
                tasks: [
                    TaskDefinition(id: "g.a", group: "g"), TaskDefinition(id: "g.b", group: "g", upstream: ["g.a"]),
                    TaskDefinition(
                        id: "g.close", group: "g", upstream: ["g.a", "g.b"], triggerRule: .allDone, isTeardown: true),
                    TaskDefinition(id: "after", upstream: ["g"]),
                ]))
        #expect(names(graph, before: "after") == ["g.b", "g.close"])
        #expect(names(graph, before: "g.close") == ["g.a", "g.b"])
    }

    @Test("names the path of a cycle")
    func cycle() throws {
        let error = try #require(
            problem([
                TaskDefinition(id: "start"), TaskDefinition(id: "a", upstream: ["start", "c"]),
                TaskDefinition(id: "b", upstream: ["a"]), TaskDefinition(id: "c", upstream: ["b"]),
            ]))
        #expect(error.kind == .cycle)
        #expect(
            error.message.contains("b -> c -> a -> b") || error.message.contains("a -> b -> c -> a")
                || error.message.contains("c -> a -> b -> c"))
        #expect(problem([TaskDefinition(id: "a", upstream: ["a"])])?.message.contains("a -> a") == true)
    }

    @Test("refuses two tasks, two groups, or a task and a group of one name")
    func duplicates() {
        #expect(problem([TaskDefinition(id: "a"), TaskDefinition(id: "a")])?.kind == .duplicateTask)
        #expect(problem([TaskDefinition(id: "a"), TaskDefinition(id: "a.x", group: "a")])?.kind == .duplicateTask)
        #expect(problem([], groups: [TaskGroupDefinition(id: "g"), TaskGroupDefinition(id: "g")])?.kind == .duplicateTask)
    }

    @Test("resolves groups to the tasks that begin and end them")
    func groups() throws {
        let graph = try TaskGraph(
            PipelineDefinition(
                id: "p",
                tasks: [
                    TaskDefinition(id: "ingest"),
                    TaskDefinition(id: "g.seed", group: "g"),
                    TaskDefinition(id: "g.m.run", group: "g.m"),
                    TaskDefinition(id: "g.m.test", group: "g.m", upstream: ["g.m.run"]),
                    TaskDefinition(id: "g.n.run", group: "g.n", upstream: ["g.m"]),
                    TaskDefinition(id: "g.n.test", group: "g.n", upstream: ["g.n.run", "g.seed"]),
                    TaskDefinition(id: "sla", upstream: ["g"]),
                ], groups: [TaskGroupDefinition(id: "g", upstream: ["ingest"])]))
        #expect(names(graph, before: "g.seed") == ["ingest"])
        #expect(names(graph, before: "g.m.run") == ["ingest"])
        #expect(names(graph, before: "g.m.test") == ["g.m.run"])
        #expect(names(graph, before: "g.n.run") == ["g.m.test"])
        #expect(names(graph, before: "g.n.test") == ["g.n.run", "g.seed"])
        #expect(names(graph, before: "sla") == ["g.n.test"])
    }

    @Test("lets an empty group stand for what it waits for")
    func emptyGroup() throws {
        let graph = try TaskGraph(
            PipelineDefinition(
                id: "p", tasks: [TaskDefinition(id: "a"), TaskDefinition(id: "b", upstream: ["g"])],
                groups: [TaskGroupDefinition(id: "g", upstream: ["a"])]))
        #expect(names(graph, before: "b") == ["a"])
    }

    @Test("refuses a task that waits for its own group")
    func ownGroup() {
        #expect(problem([TaskDefinition(id: "g.a", group: "g", upstream: ["g"])])?.kind == .cycle)
        #expect(
            problem([TaskDefinition(id: "g.a", group: "g")], groups: [TaskGroupDefinition(id: "g", upstream: ["g.a"])])?.kind
                == .cycle)
    }

    @Test("finds all problems at once, and values that make no sense")
    func problems() {
        var pipeline = PipelineDefinition(
            id: "p",
            tasks: [
                TaskDefinition(id: "a", upstream: ["x", "y"], retries: RetryPolicy(count: -1), timeout: .zero),
                TaskDefinition(id: "b", retries: RetryPolicy(count: 1, jitter: 2)),
            ])
        pipeline.maxActiveTasks = 0
        #expect(pipeline.problems().count == 6)
    }

    @Test("checks a chain of 20,000 tasks without running out of stack")
    func longChain() throws {
        let tasks = (0..<20_000).map { TaskDefinition(id: "t\($0)", upstream: $0 == 0 ? [] : ["t\($0 - 1)"]) }
        #expect(try TaskGraph(PipelineDefinition(id: "p", tasks: tasks)).tasks.count == 20_000)
    }
}
