import Diagnostics
import Documents
import Foundation
import Transform

extension DbtReporter {
    /// After the last node.
    func finish(_ results: InvocationResults, plan: ExecutionPlan, interrupted: Bool = false) {
        guard !results.results.isEmpty else { return }
        finish(DbtWords.counts(results.results.compactMap { manifest.anyNode($0.id) }), seconds: results.elapsed)
        write(
            "EndRunResult", "Q037", .debug, "Command end result",
            [
                ("results", .array(results.results.map(Self.runResult))), ("elapsed_time", .double(results.elapsed)),
                ("generated_at", .string(DateTimeStamp.now().artifactText)), ("success", .bool(results.isSuccess)),
            ])
        summarize(results, interrupted: interrupted)
    }

    /// What has run, and how long.
    func finish(_ counts: String, seconds: Double) {
        log.write(.line())
        write(
            "FinishedRunningStats", "E047", .info, "Finished running \(counts) \(DbtWords.time(seconds)).",
            [
                ("stat_line", .string(counts)), ("execution", .string(" " + DbtWords.time(seconds, exact: false))),
                ("execution_time", .double(seconds)),
            ])
    }

    /// How many of each kind of end, and the failures in full.
    func summarize(_ results: InvocationResults, interrupted: Bool = false) {
        let errors = results.results.filter { $0.status == .error || $0.status == .fail }
        let partial = results.results.filter { $0.status == .partialSuccess }
        let warnings = results.results.filter { $0.status == .warn }
        log.write(.line())
        let text: String
        if interrupted {
            text = words.style("Exited because of keyboard interrupt", .yellow)
        } else if errors.isEmpty && partial.isEmpty && warnings.isEmpty {
            text = words.style("Completed successfully", .green)
        } else {
            let successes = "\(partial.count) partial success\(partial.count == 1 ? "" : "es")"
            let summary =
                "Completed with \(DbtWords.plural(errors.count, "error")), \(successes), and "
                + "\(DbtWords.plural(warnings.count, "warning")):"
            text = words.style(summary, errors.isEmpty ? .yellow : .red)
        }
        write(
            "EndOfRunSummary", "Z030", .info, text,
            [
                ("num_errors", .int(errors.count)), ("num_warnings", .int(warnings.count)),
                ("num_partial_success", .int(partial.count)), ("keyboard_interrupt", .bool(interrupted)),
            ])
        for result in errors + partial { explain(result, isWarning: false) }
        for result in warnings { explain(result, isWarning: true) }
        let stats: [(String, Int)] = [
            ("PASS", results.count(.success) + results.count(.pass)), ("WARN", warnings.count),
            ("ERROR", errors.count + partial.count), ("SKIP", results.count(.skipped)), ("NO-OP", results.count(.noOp)),
            ("REUSED", 0), ("TOTAL", results.results.count),
        ]
        log.write(.line())
        write(
            "StatsLine", "Z023", .info, "Done. " + stats.map { "\($0)=\($1)" }.joined(separator: " "),
            [("stats", .object(JSON.Members(stats.map { ($0.lowercased().replacing("-", with: ""), .int($1)) })))])
    }

    /// A failure in full: what, where, the rows, the compiled file.
    private func explain(_ result: NodeResult, isWarning: Bool) {
        guard let node = manifest.anyNode(result.id) else { return }
        let place = "in \(node.resourceType.rawValue.replacing("_", with: " ")) \(node.name) (\(pathPrefix)\(node.originalPath))"
        let about = log.keepsData ? [info(result.id, result.status.rawValue)] : []
        let named: [(String, JSON)] = [
            ("resource_type", .string(node.resourceType.rawValue)), ("node_name", .string(node.name)),
            ("path", .string(node.originalPath)),
        ]
        log.write(.line())
        if isWarning {
            write("RunResultWarning", "Z021", .warn, words.style("Warning \(place)", .yellow), named + about)
        } else {
            write("RunResultFailure", "Z022", .error, words.style("Failure \(place)", .red), named + about)
        }
        if let message = result.message {
            let indented = message.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
            write(
                isWarning ? "RunResultWarningMessage" : "RunResultError", isWarning ? "Z046" : "Z024",
                isWarning ? .warn : .error, indented.joined(separator: "\n"), [("msg", .string(message))] + about)
        }
        if node.resourceType == .test {
            let tested = node.dependsOnNodes.compactMap { manifest.node($0)?.name }.joined(separator: ", ")
            if !tested.isEmpty { log.write(.line("  tests: \(tested)")) }
        }
        if let rows = result.failingRows, !rows.rows.isEmpty {
            log.write(.line())
            let lines = TextTable(columns: rows.columns, rows: rows.rows, null: "null").lines().map { "  " + $0 }
            log.write(.line(lines.joined(separator: "\n")))
            let more = (result.failures ?? 0) - rows.rows.count
            if more > 0 { log.write(.line("  … \(more.grouped) more")) }
        }
        if let path = result.compiledPath {
            let shown = path.hasPrefix("/") ? path : pathPrefix + path
            log.write(.line())
            write("SQLCompiledPath", "Z026", .info, "  compiled code at \(shown)", [("path", .string(shown))] + about)
        }
        if node.resourceType == .test, node.keepsFailures, let relation = node.relationName, result.status != .error {
            let query = "select * from \(relation)"
            let border = String(repeating: "-", count: query.count)
            log.write(.line())
            write(
                "CheckNodeTestFailure", "Z027", .info,
                "  See test failures:\n  \(border)\n  \(query)\n  \(border)",
                [("relation_name", .string(relation))] + about)
        }
    }
}
