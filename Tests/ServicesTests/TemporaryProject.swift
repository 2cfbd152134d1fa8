import Foundation
import Services
import TestSupport

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A project folder for one test; its services are stopped and it is deleted when the test ends.
final class TemporaryProject: Sendable {
    let path: String

    init(in folder: String = "/tmp") throws {
        path = "\(folder)/leat-project-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        chmod(path, 0o755)
    }

    func write(_ name: String, _ text: String) throws {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    func service(_ name: String = "db", port: Int? = nil, init scripts: [String] = []) throws -> PostgresService {
        PostgresService(
            name: name, project: path, port: try port ?? TestCluster.freePort(), database: "shop", user: "ada",
            password: "l'ove\\lace",
            initScripts: scripts, settings: ["fsync": "off"])
    }
}

/// Runs `body` in a fresh project and removes everything afterwards, also if `body` throws.
func withProject<T>(in folder: String = "/tmp", _ body: (TemporaryProject) async throws -> T) async throws -> T {
    let project = try TemporaryProject(in: folder)
    func clean() async {
        let services = (try? FileManager.default.contentsOfDirectory(atPath: project.path + "/.leat/services")) ?? []
        for name in services { _ = try? await project.service(name, port: 1).down() }
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: project.path + "/.leat/services/db") {
            try? FileManager.default.removeItem(atPath: (target as NSString).deletingLastPathComponent)
        }
        try? FileManager.default.removeItem(atPath: project.path)
    }
    do {
        let value = try await body(project)
        await clean()
        return value
    } catch {
        await clean()
        throw error
    }
}
