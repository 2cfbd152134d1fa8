import Foundation
import Postgres
import TestSupport

/// A copy of examples/superside in a folder of its own, on ports of its own.
struct ExampleCopy: Sendable {
    let directory: URL
    let environment: [String: String]
    let clientsPort: Int
    let warehousePort: Int

    static let original = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../examples/superside").standardizedFileURL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "leat-example-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.original, to: directory)
        for leftover in [".leat", "dbt/superside/target", "dbt/superside/logs"] {
            try? FileManager.default.removeItem(at: directory.appending(path: leftover))
        }
        clientsPort = try TestCluster.freePort()
        warehousePort = try TestCluster.freePort()
        environment = ["CLIENTS_PORT": String(clientsPort), "WAREHOUSE_PORT": String(warehousePort), "NO_COLOR": "1"]
    }

    func start(_ arguments: String...) throws -> LeatProcess {
        try LeatProcess(arguments, in: directory, environment: environment)
    }

    func run(_ arguments: String...) async throws -> LeatProcess.Ended {
        try await LeatProcess.run(arguments, in: directory, environment: environment)
    }

    var warehouse: ConnectionOptions {
        ConnectionOptions(
            port: warehousePort, database: "warehouse", user: "warehouse", password: "warehouse")
    }

    var clients: ConnectionOptions {
        ConnectionOptions(port: clientsPort, database: "clients", user: "clients", password: "clients")
    }

    /// The rows of a statement as text, asked with a client of its own.
    func ask(_ sql: String, _ options: ConnectionOptions) async throws -> [[String?]] {
        let connection = try await Connection.connect(options)
        let result = try await connection.execute(sql)
        let rows = result.map { row in (0..<row.count).map { row[$0].string } }
        await connection.close()
        return rows
    }

    /// Replaces `old` by `new` in one of its files.
    func edit(_ file: String, replacing old: String, with new: String) throws {
        let url = directory.appending(path: file)
        let text = try String(contentsOf: url, encoding: .utf8)
        guard text.contains(old) else { throw EditError(message: "\(file) does not contain '\(old)'") }
        try text.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
    }

    struct EditError: Error { let message: String }

    /// Stops the services and deletes the folder.
    func remove() async {
        _ = try? await run("down")
        try? FileManager.default.removeItem(at: directory)
    }
}

/// Runs `body` with a copy of the example whose services are up, and removes all of it afterwards.
func withExample<T>(_ body: (ExampleCopy) async throws -> T) async throws -> T {
    let example = try ExampleCopy()
    do {
        let up = try await example.run("up")
        guard up.status == 0 else { throw ExampleCopy.EditError(message: "leat up: \(up.errors)") }
        let value = try await body(example)
        await example.remove()
        return value
    } catch {
        await example.remove()
        throw error
    }
}
