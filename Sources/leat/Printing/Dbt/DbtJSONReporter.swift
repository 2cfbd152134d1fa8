import Diagnostics
import Documents
import Orchestrate
import Transform

/// One JSON object a line, for programs.
struct DbtJSONReporter: DbtReporter {
    let manifest: Manifest

    func begin(_ plan: ExecutionPlan, threads: Int, target: String) {
        write("invocation_started", [("nodes", .int(plan.nodes.count)), ("threads", .int(threads)), ("target", .string(target))])
    }

    func handle(_ event: TransformEvent) {
        switch event {
        case .started(let id, let index, let total):
            write("node_started", [("unique_id", .string(id.rawValue)), ("index", .int(index)), ("total", .int(total))])
        case .finished(let result, let index, let total):
            write("node_finished", describe(result) + [("index", .int(index)), ("total", .int(total))])
        case .hook(let result): write("hook_finished", describe(result))
        case .log(let message):
            write("log", [("level", .string(message.level.rawValue)), ("text", .string(message.text))])
        }
    }

    func finish(_ results: InvocationResults, plan: ExecutionPlan) {
        write(
            "invocation_finished",
            [("success", .bool(results.isSuccess)), ("elapsed", .double(results.elapsed))]
                + NodeStatus.allCases.map { ($0.rawValue, .int(results.count($0))) })
    }

    private func describe(_ result: NodeResult) -> [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("unique_id", .string(result.id.rawValue)), ("status", .string(result.status.rawValue)),
            ("execution_time", .double(result.executionTime)),
        ]
        if let message = result.message { members.append(("message", .string(message))) }
        if let failures = result.failures { members.append(("failures", .int(failures))) }
        if let path = result.compiledPath { members.append(("compiled_path", .string(path))) }
        if let error = result.error { members.append(("error", .string(error.description))) }
        if let rows = result.failingRows {
            members.append(("failing_rows", .array(rows.rows.map { .array($0.map { $0.map { .string($0) } ?? .null }) })))
        }
        return members
    }

    private func write(_ event: String, _ members: [(String, JSON)]) {
        let time = SystemRunClock().now().description
        Output.write(JSON.object(JSON.Members([("time", .string(time)), ("event", .string(event))] + members)).text())
    }
}
