import Connectors
import Diagnostics
import Postgres
import Services

/// A question to one of the databases that leat.yml knows.
package struct ProjectQuery: Sendable {
    package struct Answer: Sendable {
        /// What matters of a column's type to those who show its values.
        package enum Kind: Sendable {
            case number, boolean, json, text

            /// By the OID in `pg_type`: int8, int2, int4, oid, float4, float8, numeric; bool; json, jsonb.
            init(typeOID: UInt32) {
                switch typeOID {
                case 20, 21, 23, 26, 700, 701, 1700: self = .number
                case 16: self = .boolean
                case 114, 3802: self = .json
                default: self = .text
                }
            }
        }

        package let columns: [String]
        /// Values as the server writes them; nil for null.
        package let rows: [[String?]]
        /// What each column holds.
        package let kinds: [Kind]
        /// What the server says that it did.
        package let command: String
    }

    private let project: LeatProject

    package init(_ project: LeatProject) { self.project = project }

    /// Runs `sql` and returns all that it gives.
    /// - Parameter name: a destination, source or service; the only destination where it is nil.
    /// - Throws: `ProjectError` for a name that leads nowhere, `PostgresError` from the server.
    package func run(_ sql: String, on name: String?) async throws -> Answer {
        let connection = try await Connection.connect(try options(for: name))
        let result = try await connection.execute(sql)
        let answer = Answer(
            columns: result.columns.map(\.name), rows: result.map { row in (0..<row.count).map { row[$0].string } },
            kinds: result.columns.map { Answer.Kind(typeOID: $0.typeOID) }, command: result.commandTag)
        await connection.close()
        return answer
    }

    func options(for name: String?) throws -> ConnectionOptions {
        let name = try name ?? onlyDestination()
        let registry = ConnectorRegistry.builtIn
        if let entry = project.destinations.first(where: { $0.name == name }) {
            let connector = try registry.destination(named: name, connector: entry.connector, config: entry.config)
            if let destination = connector as? PostgresDestination { return destination.endpoint.options }
            throw cannotAsk(name, entry.connector)
        }
        if let entry = project.sources.first(where: { $0.name == name }) {
            let connector = try registry.source(named: name, connector: entry.connector, config: entry.config)
            if let source = connector as? PostgresSource { return source.endpoint.options }
            throw cannotAsk(name, entry.connector)
        }
        if let entry = project.services.first(where: { $0.name == name }) {
            return PostgresService(entry, in: project).connectionOptions
        }
        let names = project.destinations.map(\.name) + project.sources.map(\.name) + project.services.map(\.name)
        throw ProjectError.unknown("destination, source or service", name, among: names)
    }

    private func cannotAsk(_ name: String, _ connector: ConnectorReference) -> ProjectError {
        ProjectError(.badValue, "'\(name)' is a connector '\(connector)', which SQL cannot be sent to")
    }

    private func onlyDestination() throws -> String {
        switch project.destinations.count {
        case 1: return project.destinations[0].name
        case 0:
            throw ProjectError(
                .nothingToDo, "\(LeatProject.fileName) names no destination", hint: "name a service with --on")
        default:
            let names = project.destinations.map(\.name).joined(separator: ", ")
            throw ProjectError(
                .ambiguous, "\(LeatProject.fileName) names several destinations", hint: "choose one with --on: \(names)")
        }
    }
}
