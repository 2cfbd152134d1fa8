import Documents
import Transform

/// `compile`.
struct DbtCompile {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() async throws -> Bool {
        let (session, reporter) = try await invocation.load()
        if let code = invocation.arguments.text("inline") {
            let compiled = try await session.compile(inline: code) { reporter.handle($0) }
            show(compiled, name: nil)
            return true
        }
        let plan = try session.plan(.compile)
        try invocation.reportIdleSelections(session)
        try invocation.begin(plan, session, reporter)
        let results = try await session.execute(plan) { event in
            // Compiling is no work that people wait for: only what goes wrong is shown.
            switch event {
            case .started, .finished: break
            default: reporter.handle(event)
            }
        }
        try Self.check(results, reporter)
        showSelected(results, session)
        return true
    }

    /// Ends the command where a node does not compile, which is an error of the whole as it is with dbt. Where there are
    /// more, all of them are shown before.
    static func check(_ results: InvocationResults, _ reporter: DbtReporter) throws {
        let failures = results.results.filter { $0.status.isFailure }
        guard let first = failures.first else { return }
        if failures.count > 1 { reporter.summarize(results) }
        throw first.error.map { TransformError(wrapping: $0) }
            ?? TransformError(.compilation, first.message ?? "\(first.id) does not compile")
    }

    /// The SQL of the nodes that the selection names.
    private func showSelected(_ results: InvocationResults, _ session: TransformSession) {
        guard let selection = session.options.select.first else { return }
        for result in results.results {
            guard let node = session.manifest.node(result.id), selection.contains(node.name), let code = result.compiledCode
            else { continue }
            show(code, name: node.name)
        }
    }

    private func show(_ code: String, name: String?) {
        let text: String
        if invocation.arguments.text("output") == "json" {
            let members = [name.map { ("node", JSON.string($0)) }, ("compiled", .string(code))].compactMap { $0 }
            text = JSON.object(JSON.Members(members)).text(indent: 2)
        } else if invocation.options.quiet {
            text = code
        } else {
            text = (name.map { "Compiled node '\($0)' is:" } ?? "Compiled inline node is:") + "\n" + code
        }
        invocation.log.write(.output(text, name: "CompiledNode", code: "Q042"))
    }
}
