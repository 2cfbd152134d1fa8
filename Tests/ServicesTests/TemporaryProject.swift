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

/// Lets a few tests at a time make clusters: twenty at once would only stand in each other's way.
private actor Turnstile {
    static let shared = Turnstile()
    private var free = 2
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 { return free -= 1 }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Runs `body` in a fresh project and removes everything afterwards, also if `body` throws.
func withProject<T>(in folder: String = "/tmp", _ body: (TemporaryProject) async throws -> T) async throws -> T {
    await Turnstile.shared.enter()
    do {
        let value = try await withOwnProject(in: folder, body)
        await Turnstile.shared.leave()
        return value
    } catch {
        await Turnstile.shared.leave()
        throw error
    }
}

private func withOwnProject<T>(in folder: String, _ body: (TemporaryProject) async throws -> T) async throws -> T {
    let project = try TemporaryProject(in: folder)
    func clean() async {
        let services = (try? FileManager.default.contentsOfDirectory(atPath: project.path + "/.leat/services")) ?? []
        for name in services { _ = try? await project.service(name, port: 1).down() }
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: project.path + "/.leat/services/db") {
            try? FileManager.default.removeItem(atPath: (target as NSString).deletingLastPathComponent)
            // Goes only if no other project has its data there.
            rmdir("/var/lib/leat")
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
