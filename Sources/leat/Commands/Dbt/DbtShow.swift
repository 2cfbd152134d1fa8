import Documents
import Transform

/// `show`.
struct DbtShow {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() async throws -> Bool {
        let arguments = invocation.arguments
        let limit = arguments.integer("limit") ?? 5
        let rows = limit < 0 ? nil : limit
        if let sql = arguments.text("inline_direct") { return try await showDirect(sql, rows) }
        let inline = arguments.text("inline")
        guard inline != nil || !invocation.options.select.isEmpty || invocation.options.selector != nil else {
            throw TransformError(.selector, "Either --select or --inline must be passed to show")
        }
        let (session, reporter) = try await invocation.load()
        let shown: [TransformSession.Shown]
        if let inline {
            shown = try await session.show(inline: inline, limit: rows) { reporter.handle($0) }
        } else {
            try invocation.reportIdleSelections(session)
            let plan = try session.plan(.show)
            if plan.isEmpty { try invocation.begin(plan, session, reporter) }
            let ids = plan.ids
            shown = try await session.show(ids, limit: rows) { reporter.handle($0) }
        }
        let results = InvocationResults(results: shown.map(\.result))
        if let failed = shown.compactMap(\.result.error).first {
            // As with compile, an error leaves no results.
            if session.options.writesArtifacts { try session.writeManifest() }
            await session.close()
            for one in shown { show(one, isInline: inline != nil) }
            throw failed
        }
        try session.writeArtifacts(of: results)
        await session.close()
        for one in shown { show(one, isInline: inline != nil) }
        return true
    }

    private func showDirect(_ sql: String, _ limit: Int?) async throws -> Bool {
        let (session, reporter) = try await invocation.load()
        let rows = try await session.show(direct: sql, limit: limit) { reporter.handle($0) }
        await session.close()
        show(rows, name: nil)
        return true
    }

    private func show(_ shown: TransformSession.Shown, isInline: Bool) {
        guard let rows = shown.rows else { return }
        if !isInline, !invocation.options.select.contains(where: { $0.contains(shown.node.name) }) { return }
        show(rows, name: isInline ? nil : shown.node.name + (shown.node.version.map { ".v\($0)" } ?? ""))
    }

    private func show(_ rows: ShownRows, name: String?) {
        let text: String
        if invocation.arguments.text("output") == "json" {
            let members = [name.map { ("node", JSON.string($0)) }, ("show", rows.json)].compactMap { $0 }
            text = JSON.object(JSON.Members(members)).text(indent: 2)
        } else if invocation.options.quiet {
            text = rows.text
        } else {
            text = (name.map { "Previewing node '\($0)':" } ?? "Previewing inline node:") + "\n" + rows.text
        }
        invocation.log.write(.output(text, name: "ShowNode", code: "Q041"))
    }
}
