import Diagnostics
import Foundation
import Transform

/// Shows an invocation in the lines that users of dbt know, and that their scripts read.
struct DbtLineReporter: DbtReporter {
    let manifest: Manifest
    /// What stands before paths of the dbt project so that they lead somewhere from here: empty or `dbt/shop/`.
    let pathPrefix: String
    let isQuiet: Bool
    private let style = Style(for: .standardOutput)

    func begin(_ plan: ExecutionPlan, threads: Int, target: String) {
        say("Running with leat=\(Version.text)")
        say("Found \(Self.counts(of: manifest))")
        for warning in manifest.warnings { say(style("[WARNING] ", .yellow) + warning.message) }
        say("")
        if plan.isEmpty {
            say("Nothing to do. Try checking your model configs and model specification args")
            return
        }
        say("Concurrency: \(threads) thread\(threads == 1 ? "" : "s") (target='\(target)')")
        say("")
    }

    func handle(_ event: TransformEvent) {
        switch event {
        case .started(let id, let index, let total):
            guard let node = manifest.node(id) else { return }
            say(line("\(index) of \(total) START \(Self.subject(node))", "RUN", nil))
        case .finished(let result, let index, let total):
            guard let node = manifest.node(result.id) else { return }
            finished(result, node, "\(index) of \(total) ")
        case .hook(let result): if result.status.isFailure { say("hook \(result.id.rawValue) failed") }
        case .log(let message):
            if message.level == .info || message.level == .warn { say(message.text) }
        }
    }

    private func finished(_ result: NodeResult, _ node: Node, _ position: String) {
        let time = String(format: "%.2fs", result.executionTime)
        let isTest = node.resourceType == .test
        switch result.status {
        case .success:
            let verb = node.resourceType == .seed ? "OK loaded" : "OK created"
            say(line("\(position)\(verb) \(Self.subject(node))", "\(result.message ?? "OK") in \(time)", .green))
        case .pass: say(line("\(position)PASS \(node.name)", "PASS in \(time)", .green))
        case .warn:
            say(line("\(position)WARN \(result.failures ?? 0) \(node.name)", "WARN \(result.failures ?? 0) in \(time)", .yellow))
        case .fail:
            say(line("\(position)FAIL \(result.failures ?? 0) \(node.name)", "FAIL \(result.failures ?? 0) in \(time)", .red))
        case .error:
            let what = isTest ? node.name : "creating \(Self.subject(node))"
            say(line("\(position)ERROR \(what)", "ERROR in \(time)", .red))
        case .skipped:
            let reason = result.skippedBecauseOf.flatMap { manifest.node($0)?.name }.map { ", because of \($0)" } ?? ""
            say(line("\(position)SKIP \(isTest ? "test" : "relation") \(node.name)\(reason)", "SKIP", .yellow))
        }
    }

    func finish(_ results: InvocationResults, plan: ExecutionPlan) {
        guard !results.results.isEmpty else { return }
        say("")
        say("Finished running \(finishedCounts(results)) in \(Self.time(results.elapsed)).")
        let bad = results.results.filter { $0.status.isFailure || $0.status == .warn }
        say("")
        if bad.isEmpty {
            say(style("Completed successfully", .green))
        } else {
            let errors = bad.count { $0.status.isFailure }
            let warnings = bad.count - errors
            let summary = "Completed with \(Figures.counted(errors, "error")) and \(Figures.counted(warnings, "warning")):"
            say(style(summary, errors > 0 ? .red : .yellow))
        }
        for result in bad { explain(result) }
        say("")
        say(
            "Done. PASS=\(results.count(.success) + results.count(.pass)) WARN=\(results.count(.warn)) "
                + "ERROR=\(results.count(.error) + results.count(.fail)) SKIP=\(results.count(.skipped)) "
                + "NO-OP=0 TOTAL=\(results.results.count)")
    }

    /// A failure in full: what, where, the rows, the compiled file.
    private func explain(_ result: NodeResult) {
        guard let node = manifest.node(result.id) else { return }
        let isFailure = result.status.isFailure
        write("")
        let title =
            "\(isFailure ? "Failure" : "Warning") in \(node.resourceType.rawValue) \(node.name) (\(pathPrefix)\(node.originalPath))"
        write(style(title, isFailure ? .red : .yellow))
        for line in (result.error?.description ?? result.message ?? "").split(separator: "\n") { write("  \(line)") }
        if node.resourceType == .test {
            let tested = node.dependsOnNodes.compactMap { manifest.node($0)?.name }.joined(separator: ", ")
            if !tested.isEmpty { write("  tests: \(tested)") }
        }
        if let rows = result.failingRows, !rows.rows.isEmpty {
            write("")
            for line in TextTable(columns: rows.columns, rows: rows.rows, null: "null").lines() { write("  \(line)") }
            let more = (result.failures ?? 0) - rows.rows.count
            if more > 0 { write("  … \(more.grouped) more") }
        }
        if let path = result.compiledPath {
            write("")
            write("  compiled code at \(path.hasPrefix("/") ? path : pathPrefix + path)")
        }
    }

    private func say(_ text: String) { if !isQuiet { write(text) } }

    private func write(_ text: String) {
        Output.write("\(Self.clock.string(from: Date()))  \(text)")
    }

    /// `left .......... [right]`, 80 columns wide as dbt's.
    private func line(_ left: String, _ right: String, _ colour: Style.Colour?) -> String {
        let dots = String(repeating: ".", count: max(2, 79 - left.count))
        return "\(left) \(dots) [\(colour.map { style(right, $0) } ?? right)]"
    }

    private static let clock: DateFormatter = {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "HH:mm:ss"
        return formatter
    }()
}
