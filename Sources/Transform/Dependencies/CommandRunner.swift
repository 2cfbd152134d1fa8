import Foundation
import Processes

/// Runs the system's programs that fetch packages: git, curl, tar.
enum CommandRunner {
    /// Runs a program to its end and gives what it wrote.
    ///
    /// - Throws: ``TransformError`` where it is not there or fails, with what it said.
    static func run(_ words: [String], in folder: String? = nil) throws(TransformError) -> String {
        var environment = ProcessInfo.processInfo.environment
        environment["GIT_TERMINAL_PROMPT"] = "0"
        let ended: FinishedProcess
        do {
            ended = try FinishedProcess.run(words, environment: environment.map { "\($0.key)=\($0.value)" }, in: folder)
        } catch {
            throw TransformError(.project, "\(words[0]) cannot be run: \(error.reason)")
        }
        guard ended.status == .exited(0) else {
            let said = String(decoding: ended.errors, as: UTF8.self).trimmingWhitespaceBytes
            throw TransformError(
                .project, "\(words.prefix(2).joined(separator: " ")) failed with \(ended.status.code): \(said)")
        }
        return String(decoding: ended.output, as: UTF8.self)
    }
}
