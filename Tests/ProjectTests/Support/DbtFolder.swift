import Documents
import Foundation
import Postgres
import TestSupport

/// A dbt project in a folder of its own, gone with the value, and dbt's command line in it.
final class DbtFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "leat-dbt-\(UUID().uuidString)")

    /// - Parameters:
    ///   - files: texts by path; dbt_project.yml is there already unless given.
    ///   - profile: the target's members; by default those of a server that is not there.
    init(_ files: [String: String], profile: String = "host: 127.0.0.1, port: 1, user: nobody, password: x, dbname: none")
        throws
    {
        var files = files
        if files["dbt_project.yml"] == nil { files["dbt_project.yml"] = "name: shop\nprofile: shop\n" }
        files["profiles.yml"] =
            "shop: {target: dev, outputs: {dev: {type: postgres, \(profile), schema: analytics, threads: 2}}}\n"
        for (path, text) in files { try write(Data(text.utf8), to: path) }
    }

    /// A project whose profile is a database of the tests.
    convenience init(_ files: [String: String], database: TestDatabase) throws {
        func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
        let options = database.options
        try self.init(
            files,
            profile: "host: \(quoted(options.host)), port: \(options.port), user: \(quoted(options.user)), "
                + "password: \(quoted(options.password ?? "")), dbname: \(quoted(options.database))")
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ data: Data, to path: String) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url.path + "/" + path) }

    func dbt(_ words: String..., environment: [String: String] = [:]) async throws -> LeatProcess.Ended {
        try await dbt(words, environment: environment)
    }

    func dbt(_ words: [String], environment: [String: String] = [:]) async throws -> LeatProcess.Ended {
        try await LeatProcess(["dbt"] + words, in: url, environment: environment).ended()
    }

    /// The status of each node in run_results.json, by its id.
    func results() throws -> [String: String] {
        let document = try JSON(parsing: String(contentsOf: url.appending(path: "target/run_results.json"), encoding: .utf8))
        return Dictionary(
            (document["results"]?.array ?? []).map { ($0["unique_id"]?.string ?? "", $0["status"]?.string ?? "") }
        ) { first, _ in first }
    }
}
