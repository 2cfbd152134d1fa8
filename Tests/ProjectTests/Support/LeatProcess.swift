import Foundation
import Synchronization

/// A `leat` process, started as a user would start it.
final class LeatProcess: Sendable {
    struct Ended {
        let status: Int32
        /// Whether a signal ended it; then `status` is the signal's number.
        let wasKilled: Bool
        let output: String
        let errors: String
    }

    let processID: pid_t
    private let folder: URL
    private let end: AsyncStream<(Int32, Bool)>
    /// Whether nobody needs to wait for it any more.
    private let isOver: Mutex<Bool>

    /// The binary that was built with these tests.
    static let binary: URL = {
        let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates =
            [products]
            + sequence(first: products) { url in
                url.path == "/" ? nil : url.deletingLastPathComponent()
            }
        let fallback = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../.build/debug/leat").standardizedFileURL
        return candidates.map { $0.appending(path: "leat") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) && !$0.hasDirectoryPath } ?? fallback
    }()

    /// - Parameters:
    ///   - arguments: what stands after the program's name.
    ///   - directory: where it runs.
    ///   - environment: over that of the tests.
    ///   - input: what it can read from standard input.
    init(
        _ arguments: [String], in directory: URL, environment: [String: String] = [:], input: String? = nil,
        binary: URL = LeatProcess.binary
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "leat-process-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = binary
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, not pipes: nothing that the process writes can make it wait.
        for name in ["out", "err"] {
            _ = FileManager.default.createFile(atPath: folder.appending(path: name).path, contents: nil)
        }
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
        if let input {
            try input.write(to: folder.appending(path: "in"), atomically: true, encoding: .utf8)
            process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "in"))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        let (stream, continuation) = AsyncStream.makeStream(of: (Int32, Bool).self)
        end = stream
        isOver = Mutex(false)
        try process.run()
        let child = process.processIdentifier
        processID = child
        // Foundation hears of the end only when all that the process has left running has ended too.
        Thread.detachNewThread { [weak self] in
            var status: Int32 = 0
            var waited: pid_t
            repeat { waited = waitpid(child, &status, 0) } while waited < 0 && errno == EINTR
            if waited == child {
                let signal = status & 0x7f
                continuation.yield((signal == 0 ? (status >> 8) & 0xff : signal, signal != 0))
            } else {
                process.waitUntilExit()
                continuation.yield((process.terminationStatus, process.terminationReason == .uncaughtSignal))
            }
            self?.isOver.withLock { $0 = true }
            continuation.finish()
        }
    }

    deinit {
        // A test that has given up leaves nothing running.
        isOver.withLock { if !$0 { _ = kill(processID, SIGKILL) } }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Whether it has ended.
    var hasEnded: Bool { isOver.withLock { $0 } }

    /// Waits until something is so.
    /// - Throws: where the process has ended without it, with what it has written.
    func wait(until isSo: () async throws -> Bool) async throws {
        while try await !isSo() {
            if hasEnded, try await !isSo() { throw EndedEarly(output: text("out"), errors: text("err")) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits until it has written something to standard output.
    func wait(for text: String) async throws { try await wait { outputSoFar.contains(text) } }

    struct EndedEarly: Error {
        let output: String
        let errors: String
    }

    func send(_ signal: Int32) { kill(processID, signal) }

    /// What it has written to standard output so far.
    var outputSoFar: String { text("out") }

    /// Waits for its end.
    func ended() async throws -> Ended {
        var ending: (Int32, Bool)?
        for await value in end { ending = value }
        let (status, wasKilled) = ending ?? (-1, true)
        return Ended(status: status, wasKilled: wasKilled, output: text("out"), errors: text("err"))
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], in directory: URL, environment: [String: String] = [:], input: String? = nil
    ) async throws -> Ended {
        try await LeatProcess(arguments, in: directory, environment: environment, input: input).ended()
    }
}
