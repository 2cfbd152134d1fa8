import ArgumentParser
import Documents
import Orchestrate
import Project

struct Logs: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the tasks of a run have logged.",
        discussion: "Without a task those of all tasks, one after the other; of each task the last attempt.")

    @Argument(help: RunReference.help, completion: Completions.runs)
    var run: String

    @Argument(help: "Only this task's, or this group's.")
    var task: String?

    @Option(name: .long, help: "The number of the attempt; by default the last.")
    var attempt: Int?

    @Flag(name: .shortAndLong, help: "Go on until the run is over.")
    var follow = false

    @Option(name: .long, help: "Only lines of this level and above: debug, info, warning or error.")
    var level: LogLine.Level = .debug

    @Option(
        name: .long,
        help: "Only lines of this part: stdout, stderr, sql, ...; of a sync that was tried again by itself, 'attempt 2'.")
    var part: String?

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        let record = try await control.run(run)
        var shown: Set<AttemptKey> = []
        repeat {
            let isOver = try await control.store.run(record.id)?.state.isFinished != false
            for found in try await attempts(of: record.id, control) where !shown.contains(found.key) {
                // What is still under way is shown as it comes, and then the next.
                guard let path = found.logPath else {
                    if found.state.isFinished { shown.insert(found.key) }
                    continue
                }
                shown.insert(found.key)
                try await show(path, found.key, of: record.id, control)
            }
            if isOver { break }
            if follow { try await Task.sleep(for: .milliseconds(100)) }
        } while follow
        if shown.isEmpty, !options.json { Output.write("nothing has been logged", to: .standardError) }
    }

    private func attempts(of run: RunID, _ control: ProjectControl) async throws -> [AttemptRecord] {
        let tasks = try await control.store.tasks(of: run)
        if let task, !tasks.contains(where: { Self.matches($0, task) }) {
            let graph = try await control.graph(of: run.pipeline)
            _ = try await control.control.tasks(TaskSelection([TaskID(task)]), of: run, in: graph)
        }
        let groups = Dictionary(tasks.map { ($0.result.id, $0) }, uniquingKeysWith: { first, _ in first })
        let all = try await control.store.attempts(of: run).filter { found in
            (attempt == nil || found.key.number == attempt)
                && (task.map { name in groups[found.key.task].map { Self.matches($0, name) } ?? false } != false)
        }
        guard attempt == nil, !follow else { return all }
        let last = Dictionary(all.map { ($0.key.task, $0.key.number) }, uniquingKeysWith: max)
        return all.filter { last[$0.key.task] == $0.key.number }
    }

    private static func matches(_ task: TaskRecord, _ name: String) -> Bool {
        task.result.id.rawValue == name || task.group?.rawValue == name || task.group?.rawValue.hasPrefix(name + ".") == true
    }

    private func show(_ path: String, _ key: AttemptKey, of run: RunID, _ control: ProjectControl) async throws {
        var reader = AttemptLogReader(path: path)
        while true {
            while let lines = reader.next() {
                write(lines, key)
                try Task.checkCancellation()
            }
            guard follow,
                let state = try await control.store.attempts(of: run, task: key.task).first(where: { $0.key == key })?.state,
                !state.isFinished
            else {
                // What came between the last look and the end.
                while let lines = reader.next() { write(lines, key) }
                return
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func write(_ lines: [LogLine], _ key: AttemptKey) {
        for line in lines where line.level >= level && (part == nil || line.stream == part) { Output.write(text(of: line, key)) }
    }

    private func text(of line: LogLine, _ key: AttemptKey) -> String {
        guard options.json else {
            let style = Style(for: .standardOutput)
            let colour: Style.Colour? =
                switch line.level {
                case .error: .red
                case .warning: .yellow
                case .debug: .dim
                case .info: nil
                }
            let head = style(
                "\(line.time?.clockTime ?? "        ")  \(key.task)\(key.number > 1 ? "#\(key.number)" : "")  ", .dim)
            return head + (colour.map { style(line.text, $0) } ?? line.text)
        }
        return JSON.object(
            JSON.Members([
                ("time", line.time.map { .string($0.description) } ?? .null), ("task", .string(key.task.rawValue)),
                ("attempt", .int(key.number)), ("level", .string(line.level.rawValue)), ("stream", .string(line.stream)),
                ("text", .string(line.text)),
            ])
        ).text()
    }
}

extension LogLine.Level: ExpressibleByArgument {}
