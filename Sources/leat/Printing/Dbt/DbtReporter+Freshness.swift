import Documents
import Transform

extension DbtReporter {
    func started(_ source: SourceDefinition, _ index: Int, _ total: Int) {
        let text = "START freshness of \(source.sourceName).\(source.name)"
        write(
            "LogStartLine", "Q011", .info, words.line(text, "RUN", index: index, total: total),
            [("description", .string("freshness of \(source.sourceName).\(source.name)"))])
    }

    func finished(_ freshness: Freshness, _ index: Int, _ total: Int) {
        let (word, colour, level): (String, Style.Colour, DbtEvent.Level) =
            switch freshness.status {
            case .pass: ("PASS", .green, .info)
            case .warn: ("WARN", .yellow, .warn)
            case .error: ("ERROR STALE", .red, .error)
            case .runtimeError: ("ERROR", .red, .error)
            }
        let source = freshness.source
        write(
            "LogFreshnessResult", "Q018", level,
            words.line(
                "\(word) freshness of \(source.sourceName).\(source.name)", word, colour, index: index, total: total,
                seconds: freshness.executionTime),
            [
                ("status", .string(freshness.status.rawValue)), ("source_name", .string(source.sourceName)),
                ("table_name", .string(source.name)), ("index", .int(index)), ("total", .int(total)),
                ("execution_time", .double(freshness.executionTime)),
            ])
    }

    /// What is wrong with a source.
    func explain(_ freshness: Freshness) {
        let source = freshness.source
        log.write(.line())
        write(
            "RunResultFailure", "Z022", .error,
            words.style("Failure in source \(source.name) (\(pathPrefix)\(source.originalPath))", .red))
        guard let message = freshness.message else {
            write("RunResultErrorNoMessage", "Z025", .error, "  Status: error", [("status", "error")])
            return
        }
        write("RunResultError", "Z024", .error, "  " + message.replacing("\n", with: "\n  "), [("msg", .string(message))])
    }
}
