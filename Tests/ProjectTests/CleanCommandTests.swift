import Documents
import Foundation
import Testing

/// `leat clean`.
@Suite("Cleaning up")
struct CleanCommandTests {
    @Test("removes old runs with their logs, says so first, and keeps the newest")
    func clean() async throws {
        let project = try ScratchProject(
            "name: demo\nversion: 1\npipelines:\n  p: {tasks: {a: {command: echo words}}}\n  q: {tasks: {a: {empty: true}}}\n")
        for _ in 0..<3 { #expect(try await project.run("run", "p").status == 0) }
        #expect(try await project.run("run", "q").status == 0)
        let dry = try await project.run("clean", "--keep", "0s", "--dry-run")
        #expect(dry.status == 0 && dry.output.contains("2 runs would be removed"), "\(dry.output) \(dry.errors)")
        #expect(try await project.json("clean", "p", "--keep", "1d")["count"]?.int == 0)
        let cleaned = try await project.json("clean", "--keep", "0s")
        #expect(cleaned["count"]?.int == 2 && (cleaned["log_bytes"]?.int ?? 0) > 0)
        #expect(try await project.json("runs", "p").array?.count == 1)
        #expect(try await project.run("logs", "p", "a").output.contains("words"))
        let logs = try FileManager.default.contentsOfDirectory(atPath: project.directory.path + "/.leat/logs/p")
        #expect(logs.count == 1)
        let wrong = try await project.run("clean", "--keep", "soon")
        #expect(wrong.status == 2 && wrong.errors.contains("soon"), "\(wrong.status) \(wrong.errors)")
        #expect(try await project.run("clean", "pp", "--keep", "1d").errors.contains("there is no pipeline 'pp'"))
    }
}
