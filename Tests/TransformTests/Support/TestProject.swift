import Diagnostics
import Documents
import Foundation
import Postgres
import TestSupport

@testable import Transform

/// A dbt project in a folder of its own, gone with the value.
final class TestProject: Sendable {
    let folder: String

    /// - Parameters:
    ///   - files: texts by path; dbt_project.yml and profiles.yml are there already unless given.
    ///   - options: the database of the profile; without one nothing may connect.
    init(_ files: [String: String], database options: ConnectionOptions? = nil, threads: Int = 4) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "leat-transform-\(UUID().uuidString)").path(
            percentEncoded: false)
        var all = files
        if all["dbt_project.yml"] == nil { all["dbt_project.yml"] = "name: shop\nprofile: shop\n" }
        if all["profiles.yml"] == nil {
            all["profiles.yml"] = """
                shop:
                  target: dev
                  outputs:
                    dev:
                      type: postgres
                      host: "\(options?.host ?? "localhost")"
                      port: \(options?.port ?? 1)
                      user: "\(options?.user ?? "nobody")"
                      password: '\((options?.password ?? "").replacing("'", with: "''"))'
                      dbname: "\(options?.database ?? "shop")"
                      schema: analytics
                      threads: \(threads)
                """
        }
        for (path, text) in all {
            let url = URL(filePath: folder).appending(path: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func options(_ change: (inout InvocationOptions) -> Void = { _ in }) -> InvocationOptions {
        var options = InvocationOptions(projectDirectory: folder, environment: [:])
        change(&options)
        return options
    }

    func load(_ change: (inout InvocationOptions) -> Void = { _ in }) async throws -> TransformSession {
        try await TransformSession.load(options(change))
    }

    /// Loads the project and runs a command.
    func run(
        _ command: Command, select: [String]? = nil, _ change: (inout InvocationOptions) -> Void = { _ in }
    ) async throws -> InvocationResults {
        let session = try await load(change)
        return try await session.execute(session.plan(command, select: select)) { _ in }
    }

    func read(_ path: String) throws -> String { try String(contentsOfFile: folder + "/" + path, encoding: .utf8) }

    func write(_ text: String, to path: String) throws {
        try text.write(toFile: folder + "/" + path, atomically: true, encoding: .utf8)
    }
}

extension InvocationResults {
    /// How each node ended, by the last part of its id that tells its name.
    var statuses: [String: NodeStatus] {
        Dictionary(results.map { (String($0.id.rawValue.split(separator: ".")[2]), $0.status) }) { first, _ in first }
    }

    func result(_ name: String) -> NodeResult? {
        results.first { $0.id.rawValue.split(separator: ".").dropFirst(2).first.map(String.init) == name }
    }
}
