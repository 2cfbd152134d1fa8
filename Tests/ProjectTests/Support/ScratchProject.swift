import Documents
import Foundation

/// A project in a folder of its own, without databases.
final class ScratchProject: Sendable {
    let directory: URL

    init(_ leatFile: String) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "leat-project-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try write(leatFile)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Writes leat.yml anew.
    func write(_ leatFile: String) throws {
        try leatFile.write(to: directory.appending(path: "leat.yml"), atomically: true, encoding: .utf8)
    }

    func start(_ arguments: String...) throws -> LeatProcess {
        try LeatProcess(arguments, in: directory, environment: ["NO_COLOR": "1"])
    }

    func run(_ arguments: String...) async throws -> LeatProcess.Ended {
        try await LeatProcess.run(arguments, in: directory, environment: ["NO_COLOR": "1"])
    }

    /// What a command prints with `--json`.
    func json(_ arguments: String...) async throws -> JSON {
        let ended = try await LeatProcess.run(arguments + ["--json"], in: directory, environment: ["NO_COLOR": "1"])
        guard ended.status == 0 else { throw Failure(message: "\(arguments): \(ended.status) \(ended.errors)") }
        return try JSON(parsing: ended.output)
    }

    /// Runs `body` beside a scheduler, and stops that afterwards.
    func withScheduler<T>(_ body: () async throws -> T) async throws -> T {
        let scheduler = try start("serve", "--no-web", "--log-format", "json")
        // The first event is on its way when the program is up; nothing else says so.
        try await scheduler.wait(for: "scheduler_started")
        do {
            let value = try await body()
            scheduler.send(SIGTERM)
            let ended = try await scheduler.ended()
            guard ended.status == 0 else { throw Failure(message: "serve: \(ended.status) \(ended.errors)") }
            return value
        } catch {
            scheduler.send(SIGKILL)
            throw error
        }
    }

    struct Failure: Error { let message: String }
}
