import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct AuditCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who did what to pipelines, runs, variables, connections and secrets; the newest first.")

    @Option(name: .long, help: "How many entries at most.")
    var limit = 100

    @Option(name: .long, help: "Only what this one did.")
    var who: String?

    @Option(name: .long, help: "Only this pipeline.", completion: Completions.pipelines)
    var pipeline: String?

    @Option(name: .long, help: "Only this action, such as trigger, clear, variable_set.")
    var action: String?

    @OptionGroup var options: ControlOptions

    mutating func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    mutating func run() async throws {
        let filter = AuditFilter(
            author: who.map { Author($0) }, pipeline: pipeline.map { PipelineID($0) }, action: action, limit: limit)
        let entries = try await options.open().store.audit(filter)
        options.show(
            .array(entries.map(\.json)),
            entries.isEmpty
                ? "nothing yet"
                : TextTable(
                    columns: ["at", "who", "action", "of", ""],
                    rows: entries.map {
                        [
                            "\($0.at)", $0.author.name, $0.action,
                            [$0.pipeline?.rawValue, $0.run].compactMap(\.self).joined(separator: "/"),
                            $0.details.isNull ? nil : $0.details.text(),
                        ]
                    }, maximumWidth: 80
                ).lines().joined(separator: "\n"))
    }
}

extension AuditEntry {
    fileprivate var json: JSON {
        [
            "at": .string(at.description), "who": .string(author.name), "action": .string(action),
            "pipeline": pipeline.map { .string($0.rawValue) } ?? .null, "run": run.map { .string($0) } ?? .null,
            "task": task.map { .string($0.rawValue) } ?? .null, "details": details,
        ]
    }
}
