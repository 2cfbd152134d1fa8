import Documents
import Foundation
import Transform

/// Turns what happens in an invocation into dbt's events.
struct DbtReporter: Sendable {
    let log: DbtLog
    let manifest: Manifest
    /// What stands before paths of the dbt project so that they lead somewhere from here: empty or `dbt/shop/`.
    let pathPrefix: String
    let words: DbtWords
    private let clock = NodeClock()

    init(log: DbtLog, manifest: Manifest, pathPrefix: String) {
        self.log = log
        self.manifest = manifest
        self.pathPrefix = pathPrefix
        words = DbtWords(style: Style(isEnabled: log.settings.usesColors), width: log.settings.width)
    }

    /// Before the first node.
    func begin(_ plan: ExecutionPlan, threads: Int, target: String) { begin(plan.nodes.count, threads: threads, target: target) }

    /// Before the first of that many nodes.
    func begin(_ count: Int, threads: Int, target: String) {
        log.write(.line())
        let text = "Concurrency: \(threads) threads (target='\(target)')"
        write(
            "ConcurrencyLine", "Q027", .info, text,
            [("num_threads", .int(threads)), ("target_name", .string(target)), ("node_count", .int(count))])
        log.write(.line())
    }

    func handle(_ event: TransformEvent) {
        switch event {
        case .started(let id, let index, let total):
            guard let node = manifest.anyNode(id) else { return }
            clock.start(id)
            write("NodeStart", "Q024", .debug, "Began running node \(id)", [info(id)])
            write(
                "LogStartLine", "Q011", .info,
                words.line("START \(DbtWords.subject(node))", "RUN", index: index, total: total),
                [("description", .string(DbtWords.subject(node))), ("index", .int(index)), ("total", .int(total)), info(id)])
        case .compiling(let id):
            write("NodeCompiling", "Q030", .debug, "Began compiling node \(id)", [info(id, "compiling")])
        case .executing(let id):
            write("WritingInjectedSQLForNode", "Q029", .debug, "Writing injected SQL for node \"\(id)\"", [info(id, "compiling")])
            write("NodeExecuting", "Q031", .debug, "Began executing node \(id)", [info(id, "executing")])
        case .finished(let result, let index, let total):
            guard let node = manifest.anyNode(result.id) else { return }
            clock.finish(result.id)
            log.write(finished(result, node, index, total), thread: result.thread)
            noteEnd(of: result)
        case .cancelled(let id):
            write(
                "LogCancelLine", "Q022", .error, words.line("CANCEL query \(id)", "CANCEL", .red),
                [("conn_name", .string(id.rawValue))])
        case .hookStarted(let id, let index, let total):
            let name = hookName(id, index)
            clock.start(id)
            write(
                "LogHookStartLine", "Q032", .info,
                words.line("START hook: \(name)", "RUN", index: index, total: total, cut: true),
                [("statement", .string(name)), ("index", .int(index)), ("total", .int(total)), info(id)])
        case .hook(let result, let index, let total): hook(result, index, total)
        case .connected(let id): connected(id)
        case .reused(let id, let before):
            let (now, formerly) = (id?.rawValue ?? "master", before?.rawValue ?? "master")
            write(
                "ConnectionReused", "E006", .debug,
                "Re-using an available connection from the pool (formerly \(formerly), now \(now))",
                [("orig_conn_name", .string(formerly)), ("conn_name", .string(now))])
        case .disconnected(let id):
            let connection = id?.rawValue ?? "master"
            write("ConnectionClosed", "E010", .debug, "On \(connection): Close", [("conn_name", .string(connection)), info(id)])
        case .batchStarted(let batch): begin(batch)
        case .batchFinished(let batch, let status, let message, let seconds): end(batch, status, message, seconds)
        case .wrote(let type, let path):
            write(
                "ArtifactWritten", "P001", .debug, "Wrote artifact \(type) to \(path)",
                [("artifact_type", .string(type)), ("artifact_path", .string(path))])
        case .statement(let id, let sql): statement(id, sql)
        case .answer(let id, let status, let seconds):
            write(
                "SQLQueryStatus", "E017", .debug, String(format: "SQL status: %@ in %.3f seconds", status, seconds),
                [("status", .string(status)), ("elapsed", .double(seconds)), ("query_id", ""), info(id)])
        case .log(let message): say(message)
        }
    }

    /// What a template or the engine says.
    func say(_ message: LogMessage) {
        let data: [(String, JSON)] = [("msg", .string(message.text)), info(message.node)]
        switch message.level {
        case .debug: write("JinjaLogDebug", "I063", .debug, message.text, data)
        case .info where message.isOutput:
            log.write(.output(message.text))
        case .info: write("JinjaLogInfo", "I062", .info, message.text, data)
        case .warn:
            let event = message.event ?? .jinjaLog
            write(event.name, event.code, .warn, DbtWords.warning(message, words.style), data)
        case .error: write("GenericExceptionOnRun", "W004", .error, message.text, data)
        }
    }

    /// `shop.on-run-start.0`.
    private func hookName(_ id: NodeID, _ index: Int) -> String {
        guard let node = manifest.anyNode(id) else { return id.rawValue }
        return "\(node.packageName).\(node.tags.first ?? "on-run").\(index - 1)"
    }

    private func hook(_ result: NodeResult, _ index: Int, _ total: Int) {
        clock.finish(result.id)
        let name = hookName(result.id, index)
        let (info, colour): (String, Style.Colour) =
            switch result.status {
            case .success: ("OK", .green)
            case .skipped: ("SKIP", .yellow)
            default: ("ERROR", .red)
            }
        write(
            "LogHookEndLine", "Q033", .info,
            words.line(
                "\(info) hook: \(name)", info, colour, index: index, total: total, seconds: result.executionTime, cut: true),
            [
                ("statement", .string(name)), ("status", .string(result.status.rawValue)), ("index", .int(index)),
                ("total", .int(total)), ("execution_time", .double(result.executionTime)),
                self.info(result.id, result.status.rawValue),
            ])
    }

    private func statement(_ id: NodeID?, _ sql: String) {
        let connection = id?.rawValue ?? "master"
        if sql.hasPrefix("COMMIT") {
            write("SQLCommit", "E018", .debug, "On \(connection): COMMIT", [("conn_name", .string(connection)), info(id)])
        }
        write(
            "ConnectionUsed", "E015", .debug, "Using postgres connection \"\(connection)\"",
            [("conn_type", "postgres"), ("conn_name", .string(connection)), info(id)])
        write(
            "SQLQuery", "E016", .debug, "On \(connection): \(sql)",
            [("conn_name", .string(connection)), ("sql", .string(sql)), info(id)])
    }

    /// `batch 2024-01-31 of marts.sessions`.
    private func description(_ batch: TransformEvent.Batch) -> String {
        let node = manifest.anyNode(batch.node)
        return "batch \(batch.label) of " + [node?.schema, node?.alias].compactMap { $0 }.joined(separator: ".")
    }

    private func begin(_ batch: TransformEvent.Batch) {
        let text = description(batch)
        write(
            "LogStartBatch", "Q045", .info, "Batch " + words.line("START \(text)", "RUN", index: batch.index, total: batch.total),
            [
                ("description", .string(text)), ("batch_index", .int(batch.index)), ("total_batches", .int(batch.total)),
                info(batch.node),
            ])
    }

    private func end(_ batch: TransformEvent.Batch, _ status: NodeStatus, _ message: String?, _ seconds: Double) {
        let text = description(batch)
        let isError = status == .error
        let shown = isError ? status.rawValue : message ?? "OK"
        write(
            "LogBatchResult", "Q046", isError ? .error : .info,
            "Batch "
                + words.line(
                    "\(isError ? "ERROR creating" : "OK created") \(text)", isError ? "ERROR" : shown, isError ? .red : .green,
                    index: batch.index, total: batch.total, seconds: seconds),
            [
                ("description", .string(text)), ("status", .string(shown)), ("batch_index", .int(batch.index)),
                ("total_batches", .int(batch.total)), ("execution_time", .double(seconds)),
                info(batch.node, status.rawValue),
            ])
    }

    private func connected(_ id: NodeID?) {
        let connection = id?.rawValue ?? "master"
        write(
            "NewConnection", "E005", .debug, "Acquiring new postgres connection '\(connection)'",
            [("conn_name", .string(connection)), ("conn_type", "postgres"), info(id)])
        write(
            "NewConnectionOpening", "E037", .debug, "Opening a new connection, currently in state init",
            [("connection_state", "init"), info(id)])
    }

    /// What follows the line of a node that ended.
    private func noteEnd(of result: NodeResult) {
        let run = Self.runResult(result)
        write(
            "NodeFinished", "Q025", .debug, "Finished running node \(result.id)",
            [("run_result", run), info(result.id, result.status.rawValue)])
        guard result.status.isFailure else { return }
        let reason = result.message ?? ""
        write(
            "MarkSkippedChildren", "Z033", .debug,
            "Marking all children of '\(result.id)' to be skipped because of status '\(result.status.rawValue)'.  Reason: \(reason).",
            [("unique_id", .string(result.id.rawValue)), ("status", .string(result.status.rawValue)), ("run_result", run)])
    }

    /// A result as dbt's events have it.
    static func runResult(_ result: NodeResult) -> JSON {
        [
            "status": .string(result.status.rawValue), "message": .string(result.message ?? ""),
            "thread": .string(result.thread), "execution_time": .double(result.executionTime),
            "num_failures": .int(result.failures ?? 0), "adapter_response": result.adapterResponse,
            "timing_info": .array(
                result.timing.map {
                    [
                        "name": .string($0.name), "started_at": .string($0.start.artifactText),
                        "completed_at": .string($0.end.artifactText),
                    ]
                }),
        ]
    }

    /// A line of the log.
    func write(
        _ name: String, _ code: String, _ level: DbtEvent.Level, _ message: @autoclosure () -> String,
        _ data: @autoclosure () -> [(String, JSON)] = []
    ) {
        guard log.isWanted(level) else { return }
        log.write(DbtEvent(name, code, level, message(), log.keepsData ? data() : []))
    }

    /// `node_info`: which node an event is about.
    func info(_ id: NodeID?, _ status: String = "started") -> (String, JSON) {
        guard let id, let node = manifest.anyNode(id) else { return ("node_info", [:]) }
        let (started, finished) = clock.times(of: id)
        return (
            "node_info",
            [
                "materialized": .string(node.config.materialized.rawValue), "meta": .object(node.meta),
                "node_checksum": .string(node.checksum.value), "node_finished_at": .string(finished),
                "node_name": .string(node.name),
                "node_path": .string(node.path),
                "node_relation": [
                    "alias": .string(node.alias), "database": .string(node.database ?? ""),
                    "relation_name": .string(node.relationName ?? ""), "schema": .string(node.schema ?? ""),
                ], "node_started_at": .string(started), "node_status": .string(status),
                "resource_type": .string(node.resourceType.rawValue),
                "unique_id": .string(id.rawValue),
            ]
        )
    }
}
