import Documents
import Transform

/// `docs generate` and `docs serve`.
struct DbtDocs {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    /// - Returns: whether everything compiled and the catalog was written.
    func generate() async throws -> Bool {
        let arguments = invocation.arguments
        let (session, reporter) = try await invocation.load()
        var isGood = true
        if arguments.flag("compile", default: true) {
            let plan = try session.plan(.compile)
            try invocation.reportIdleSelections(session)
            reporter.begin(plan, threads: session.threads, target: session.targetName)
            let results = try await session.execute(plan, closing: false) { event in
                switch event {
                case .started, .finished: break
                default: reporter.handle(event)
                }
            }
            if !results.isSuccess {
                reporter.summarize(results)
                invocation.write("CannotGenerateDocs", "E043", .info, "compile failed, cannot generate docs")
                isGood = false
            }
        } else {
            try session.writeArtifacts(of: InvocationResults())
        }
        guard isGood else {
            await session.close()
            return false
        }
        invocation.write("BuildingCatalog", "E044", .info, "Building catalog")
        let selected = session.options.select.isEmpty && session.options.exclude.isEmpty ? nil : try session.selectedIDs()
        let path = try await session.writeCatalog(of: selected, isEmpty: arguments.flag("empty_catalog")) { reporter.handle($0) }
        await session.close()
        invocation.write("CatalogWritten", "E042", .info, "Catalog written to \(path)", [("path", .string(path))])
        return true
    }
}
