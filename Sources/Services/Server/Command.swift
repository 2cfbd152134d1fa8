import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A program that is run to its end.
struct Command: Sendable {
    struct Outcome: Sendable {
        /// The exit code; nil if a signal ended it.
        let exitCode: Int32?
        /// What it printed, errors too.
        let output: String
        var hasSucceeded: Bool { exitCode == 0 }
        /// The last lines, for a message.
        func lastLines(_ count: Int = 12) -> [String] { output.split(separator: "\n").suffix(count).map(String.init) }
    }

    let path: String
    let arguments: [String]
    let identity: ProcessIdentity

    init(_ path: String, _ arguments: [String], as identity: ProcessIdentity) {
        self.path = path
        self.arguments = arguments
        self.identity = identity
    }

    /// Runs it. When the task is cancelled the program is told to end, and killed half a second later.
    ///
    /// - Throws: an error if it cannot be started, or `CancellationError`.
    func run() async throws -> Outcome {
        var options = identity.platformOptions
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(500))]
        let words = identity.launcher + [path] + arguments
        let result = try await Subprocess.run(
            .path(FilePath(words[0])), arguments: Arguments(Array(words.dropFirst())), environment: .custom(Self.environment),
            // Ours may be one that the other user cannot enter.
            workingDirectory: FilePath("/"), platformOptions: options, input: .none, output: .string(limit: 1 << 20),
            error: .combinedWithOutput)
        try Task.checkCancellation()
        let exitCode: Int32? = if case .exited(let code) = result.terminationStatus { Int32(code) } else { nil }
        return Outcome(exitCode: exitCode, output: result.standardOutput)
    }

    /// Nothing of ours: PGDATA, PGPORT and a translated message would all confuse. English, UTC.
    private static let environment: [Environment.Key: String] = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/",
    ]
}
