import Foundation
import Processes

/// Programs that helpers of tests need.
///
/// Not by Foundation's `Process`: that learns of a child's end by a socket which other children, started at the same time, hold as well.
package enum TestCommand {
    /// Runs a program to its end. Blocks, and waits for nobody else.
    /// - Returns: what it has written.
    /// - Throws: where it fails.
    @discardableResult
    package static func run(_ words: String...) throws -> String { try run(words) }

    @discardableResult
    package static func run(_ words: [String]) throws -> String {
        let ended = try FinishedProcess.run(words)
        guard ended.status == .exited(0) else {
            throw POSIXError(.ECHILD, userInfo: [NSLocalizedDescriptionKey: String(decoding: ended.errors, as: UTF8.self)])
        }
        return String(decoding: ended.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
