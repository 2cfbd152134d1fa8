import Transform

/// `list`.
struct DbtList {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() async throws -> Bool {
        let (session, _) = try await invocation.load()
        let lines = try session.list(
            invocation.arguments.text("output") ?? "selector", keys: invocation.arguments.words("output_keys"))
        if lines.isEmpty { try invocation.warn(.noNodesSelected, "No nodes selected!") }
        for line in lines { invocation.log.write(.output(line, name: "ListCmdOut", code: "Z049")) }
        if session.options.writesArtifacts { try session.writeManifest() }
        return true
    }
}
