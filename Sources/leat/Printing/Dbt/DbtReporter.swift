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

    init(log: DbtLog, manifest: Manifest, pathPrefix: String) {
        self.log = log
        self.manifest = manifest
        self.pathPrefix = pathPrefix
        words = DbtWords(style: Style(isEnabled: log.settings.usesColors), width: log.settings.width)
    }

    /// Before the first node.
    func begin(_ plan: ExecutionPlan, threads: Int, target: String) {
        log.write(.line())
        let text = "Concurrency: \(threads) threads (target='\(target)')"
        write(
            "ConcurrencyLine", "Q027", .info, text,
            [("num_threads", .int(threads)), ("target_name", .string(target)), ("node_count", .int(plan.nodes.count))])
        log.write(.line())
    }

    func handle(_ event: TransformEvent) {
        switch event {
        case .started(let id, let index, let total):
            guard let node = manifest.anyNode(id) else { return }
            write("NodeStart", "Q024", .debug, "Began running node \(id)", [info(id)])
            write(
                "LogStartLine", "Q011", .info,
                words.line("START \(DbtWords.subject(node))", "RUN", index: index, total: total),
                [("description", .string(DbtWords.subject(node))), ("index", .int(index)), ("total", .int(total)), info(id)])
        case .compiling(let id): write("NodeCompiling", "Q030", .debug, "Began compiling node \(id)", [info(id)])
        case .executing(let id): write("NodeExecuting", "Q031", .debug, "Began executing node \(id)", [info(id)])
        case .finished(let result, let index, let total):
            guard let node = manifest.anyNode(result.id) else { return }
            log.write(finished(result, node, index, total), thread: result.thread)
            write(
                "NodeFinished", "Q025", .debug, "Finished running node \(result.id)", [info(result.id, result.status.rawValue)])
        case .hookStarted(let id, let index, let total):
            let name = manifest.anyNode(id)?.name ?? id.rawValue
            write(
                "LogHookStartLine", "Q032", .info,
                words.line("START hook: \(name)", "RUN", index: index, total: total, cut: true),
                [("statement", .string(name)), ("index", .int(index)), ("total", .int(total)), info(id)])
        case .hook(let result): hook(result)
        case .statement(let id, let sql):
            let connection = id?.rawValue ?? "master"
            write(
                "SQLQuery", "E016", .debug, "On \(connection): \(sql)",
                [("conn_name", .string(connection)), ("sql", .string(sql)), info(id)])
        case .answer(let id, let status, let seconds):
            write(
                "SQLQueryStatus", "E017", .debug, String(format: "SQL status: %@ in %.3f seconds", status, seconds),
                [("status", .string(status)), ("elapsed", .double(seconds)), info(id)])
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

    private func hook(_ result: NodeResult) {
        let name = manifest.anyNode(result.id)?.name ?? result.id.rawValue
        let (info, colour): (String, Style.Colour) = result.status == .success ? ("OK", .green) : ("ERROR", .red)
        write(
            "LogHookEndLine", "Q033", .info,
            words.line("\(info) hook: \(name)", info, colour, seconds: result.executionTime, cut: true),
            [("statement", .string(name)), ("status", .string(result.status.rawValue)), self.info(result.id)])
    }

    /// A line of the log.
    func write(
        _ name: String, _ code: String, _ level: DbtEvent.Level, _ message: String, _ data: [(String, JSON)] = []
    ) {
        log.write(DbtEvent(name, code, level, message, data))
    }

    /// `node_info`: which node an event is about.
    func info(_ id: NodeID?, _ status: String = "started") -> (String, JSON) {
        guard let id, let node = manifest.anyNode(id) else { return ("node_info", [:]) }
        return (
            "node_info",
            [
                "materialized": .string(node.config.materialized.rawValue), "meta": .object(node.meta),
                "node_checksum": .string(node.checksum.value), "node_name": .string(node.name), "node_path": .string(node.path),
                "node_relation": [
                    "alias": .string(node.alias), "database": .string(node.database ?? ""),
                    "relation_name": .string(node.relationName ?? ""), "schema": .string(node.schema ?? ""),
                ], "node_status": .string(status), "resource_type": .string(node.resourceType.rawValue),
                "unique_id": .string(id.rawValue),
            ]
        )
    }
}
