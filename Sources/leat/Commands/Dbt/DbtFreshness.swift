import Documents
import Transform

/// `source freshness`.
struct DbtFreshness {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() async throws -> Bool {
        let (session, reporter) = try await invocation.load()
        try invocation.reportIdleSelections(session)
        let start = DateTimeStamp.now().secondsSince1970
        let results = try await session.checkFreshness(output: invocation.arguments.text("output")) {
            reporter.handle($0)
        } started: { source, index, total in
            reporter.started(source, index, total)
        } finished: { freshness, index, total in
            reporter.finished(freshness, index, total)
        }
        if session.options.writesArtifacts { try session.writeManifest() }
        if !results.isEmpty {
            reporter.finish(
                DbtWords.plural(results.count, "source"), seconds: DateTimeStamp.now().secondsSince1970 - start)
        }
        for result in results where result.isFailure { reporter.explain(result) }
        invocation.write("FreshnessCheckComplete", "Q003", .info, "Done.")
        return !results.contains(where: \.isFailure)
    }
}
