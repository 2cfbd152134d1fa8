import Foundation
import Orchestrate
import Processes
import Synchronization

/// An image with a project in it, laid over the image of Leat: what pods of the project's tasks run.
package struct ProjectImage: Sendable {
    /// The image of Leat.
    package var base: String
    /// What the image is called.
    package var tag: String
    /// `docker`, `podman` or `buildah`; the first that is there if nil.
    package var engine: String?
    package var pushes: Bool
    /// Whether a registry without TLS will do.
    package var isInsecure: Bool

    package init(base: String, tag: String, engine: String? = nil, pushes: Bool = false, isInsecure: Bool = false) {
        self.base = base
        self.tag = tag
        self.engine = engine
        self.pushes = pushes
        self.isInsecure = isInsecure
    }

    /// What is no part of the project: records and logs, what dbt has made, versions, passwords.
    private static let ignored = [
        ".leat", "**/target", "**/logs", "**/.git", "**/.venv", "**/__pycache__", "**/.env", "**/.user.yml",
    ]

    /// Builds it, and pushes it if so wanted.
    /// - Parameter line: hears what the engine says.
    /// - Throws: `ProjectError` where there is no engine, or it fails.
    package func build(_ project: LeatProject, line: @escaping @Sendable (String) -> Void) async throws {
        let program = try foundEngine()
        let folder = FileManager.default.temporaryDirectory.appending(path: "leat-image-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/Containerfile"
        // By the number, as a cluster that refuses root wants it.
        let text = "FROM \(base)\nCOPY --chown=10001:10001 . /project\nWORKDIR /project\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let ignore = Self.ignored.joined(separator: "\n") + "\n"
        // Docker finds it by its name, the others are told.
        try ignore.write(toFile: file + ".dockerignore", atomically: true, encoding: .utf8)
        var words = [program, "build", "--file", file, "--tag", tag]
        if Self.name(program) != "docker" { words += ["--ignorefile", file + ".dockerignore"] }
        try await run(words + [project.directory], what: "build the image", line)
        guard pushes else { return }
        var push = [program, "push"]
        if isInsecure, Self.name(program) != "docker" { push.append("--tls-verify=false") }
        try await run(push + [tag], what: "push the image", line)
    }

    private static func name(_ path: String) -> Substring? { path.split(separator: "/").last }

    private func foundEngine() throws -> String {
        let wanted = engine.map { [$0] } ?? ["docker", "podman", "buildah"]
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for name in wanted {
            if name.contains("/") { return name }
            for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
                return "\(folder)/\(name)"
            }
        }
        throw ProjectError(
            .notFound, "there is no \(wanted.joined(separator: ", ")) to build an image with",
            hint: "install one of docker, podman, buildah")
    }

    private func run(_ words: [String], what: String, _ line: @escaping @Sendable (String) -> Void) async throws {
        let box = LastLines()
        let status = try await ChildCommand(words).run { said in
            box.add(said.text)
            line(said.text)
        }
        try Task.checkCancellation()
        guard status == .exited(0) else {
            throw ProjectError(
                .badValue, "'\(words[0])' could not \(what)", hint: "the lines above say why", details: box.lines)
        }
    }

    /// The last words of a program.
    private final class LastLines: Sendable {
        private let state = Mutex<[String]>([])
        func add(_ line: String) { state.withLock { $0 = Array(($0 + [line]).suffix(3)) } }
        var lines: [String] { state.withLock { $0 } }
    }
}
