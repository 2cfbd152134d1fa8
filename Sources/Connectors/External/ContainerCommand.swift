import Processes

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A connector's image as a command: `docker run` or `podman run`, whichever is there.
///
/// The files of the command are mounted where the arguments name them, readable only.
struct ContainerCommand {
    let words: [String]
    private let engine: String
    private let name: String
    private let image: String

    /// - Throws: ``ConnectorError`` where no engine is installed.
    init(image: String, arguments: [String], files: [String]) throws(ConnectorError) {
        self.image = image
        guard let engine = Self.engine else {
            throw ConnectorError(
                .unsupported, "the image '\(image)' needs a container engine, and neither docker nor podman is on PATH",
                hint:
                    "install podman or Docker (a socket without the command is not enough); or install the connector here (many are on PyPI as airbyte-source-...) and name its program: connector: {exec: [source-...]}"
            )
        }
        self.engine = engine
        name = "leat-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        var inside: [String: String] = [:]
        var words = [engine, "run", "--rm", "-i", "--name", name]
        for (index, file) in files.enumerated() {
            let place = "/secrets/\(index).json"
            inside[file] = place
            words += ["-v", "\(file):\(place):ro"]
        }
        self.words = words + [image] + arguments.map { inside[$0] ?? $0 }
    }

    /// `LEAT_CONTAINER_ENGINE`, or the first of docker and podman that is on PATH.
    private static var engine: String? {
        if let chosen = getenv("LEAT_CONTAINER_ENGINE"), chosen.pointee != 0 { return String(cString: chosen) }
        let folders = getenv("PATH").map { String(cString: $0) }?.split(separator: ":") ?? []
        return ["docker", "podman"].first { engine in folders.contains { access("\($0)/\(engine)", X_OK) == 0 } }
    }

    /// Ends the container after its command was killed: the engine does not do that by itself. One that was made and had not begun
    /// cannot be killed, only removed.
    func kill() {
        for words in [[engine, "kill", name], [engine, "rm", "-f", name]] { _ = try? FinishedProcess.run(words) }
    }

    /// Says so where it was the engine that failed: its own failures have the exit code 125.
    func explained(_ error: ConnectorError, exitCode: Int32) -> ConnectorError {
        guard exitCode == 125 || exitCode == 1 && error.details.contains(where: { $0.contains("daemon") }) else { return error }
        var failure = ConnectorError(
            .process, "\(engine) cannot run the image '\(image)'",
            hint: "start the engine, and try: \(engine) run --rm \(image) spec", failureType: .config)
        failure.details = error.details
        return failure
    }
}
