extension PostgresService {
    func runScripts(_ folder: ServiceFolder, _ report: @escaping @Sendable (ServiceEvent.Step) -> Void) async throws -> [String] {
        []
    }
}
