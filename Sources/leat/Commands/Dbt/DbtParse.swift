import Transform

/// `parse`.
struct DbtParse {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() async throws -> Bool {
        let (session, _) = try await invocation.load()
        if session.options.writesArtifacts { try session.writeManifest() }
        return true
    }
}
