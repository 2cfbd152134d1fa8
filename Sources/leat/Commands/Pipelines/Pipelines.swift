import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct Pipelines: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the pipelines: when they run, how they last ran, what comes next.",
        discussion: "Each connection is a pipeline too, sync.NAME, on the connection's own schedule.")

    @Option(name: .long, help: "Only pipelines with this tag.")
    var tag: String?

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        let pauses = try await control.store.pauses()
        let intervals = try await control.store.lastIntervals()
        var rows: [[String?]] = []
        var objects: [JSON] = []
        let tag = tag
        for pipeline in try control.pipelines() where tag.map({ pipeline.definition.tags.contains($0) }) != false {
            let definition = pipeline.definition
            let isPaused = pauses[definition.id] ?? pipeline.startsPaused
            let last = try await control.store.runs(of: definition.id, limit: 1).first
            let next = isPaused ? nil : control.nextRun(of: pipeline, last: intervals[definition.id], at: .now)
            rows.append([
                definition.id.rawValue, definition.scheduleSummary + (isPaused ? " (paused)" : ""),
                last?.state.rawValue, last.map { $0.startedAt ?? $0.queuedAt }?.minuteText, next?.minuteText,
                definition.tags.joined(separator: ", "),
            ])
            objects.append(Self.object(definition, isPaused: isPaused, last: last, next: next))
        }
        var table = TextTable(
            columns: ["pipeline", "schedule", "last run", "at", "next run", "tags"], rows: rows, maximumWidth: 60)
        if Output.Stream.standardOutput.isTerminal { _ = table.fit(into: Output.width) }
        options.show(.array(objects), table.lines().joined(separator: "\n"))
    }

    private static func object(
        _ definition: PipelineDefinition, isPaused: Bool, last: RunRecord?, next: Timestamp?
    ) -> JSON {
        [
            "pipeline": .string(definition.id.rawValue), "description": definition.description.map { .string($0) } ?? .null,
            "schedule": .string(definition.scheduleSummary), "is_paused": .bool(isPaused),
            "last_run": last.map(\.json) ?? .null, "next_run_at": next.map { .string($0.description) } ?? .null,
            "tags": .array(definition.tags.map { .string($0) }), "owner": definition.owner.map { .string($0) } ?? .null,
        ]
    }
}
