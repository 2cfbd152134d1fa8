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
        if arguments.flag("compile", default: true) {
            let plan = try session.plan(.compile)
            try invocation.reportIdleSelections(session)
            try invocation.begin(plan, session, reporter)
            let results = try await session.execute(plan, closing: false) { event in
                switch event {
                case .started, .finished: break
                default: reporter.handle(event)
                }
            }
            do {
                try DbtCompile.check(results, reporter)
            } catch {
                await session.close()
                throw error
            }
        }
        invocation.write("BuildingCatalog", "E044", .info, "Building catalog")
        let selected = session.options.select.isEmpty && session.options.exclude.isEmpty ? nil : try session.selectedIDs()
        let path = try await session.writeCatalog(of: selected, isEmpty: arguments.flag("empty_catalog")) { reporter.handle($0) }
        try session.writeDocumentation(asOneFile: arguments.flag("static"))
        await session.close()
        invocation.write("CatalogWritten", "E042", .info, "Catalog written to \(path)", [("path", .string(path))])
        return true
    }

    /// Serves what `docs generate` wrote until the user stops it.
    func serve() async throws -> Bool {
        let arguments = invocation.arguments
        let outline = ProjectOutline(folder: invocation.options.projectDirectory)
        let target = invocation.options.targetPath ?? outline?.targetPath ?? "target"
        let folder = target.hasPrefix("/") ? target : invocation.options.projectDirectory + "/" + target
        let port = arguments.integer("port") ?? 8080
        let server = try StaticFileServer(folder: folder, host: arguments.text("host") ?? "127.0.0.1", port: port)
        invocation.write("ServingDocsPort", "Z018", .info, "Serving docs at \(port)")
        invocation.write(
            "ServingDocsAccessInfo", "Z019", .info, "To access from your browser, navigate to: http://localhost:\(port)")
        invocation.write("ServingDocsExitInfo", "Z020", .info, "Press Ctrl+C to exit.")
        await server.serve { Interruption.happened }
        return true
    }
}
