import Foundation
package import Processes

/// Programs from PyPI that tests are run against.
package enum PythonPackages {
    /// The folder with the programs of a set that `scripts/connectors.sh` knows; nil where it cannot be installed.
    ///
    /// Blocks, for as long as an installation takes.
    package static func folder(_ set: String) -> String? {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts/connectors.sh")
        return try? TestCommand.run(script.standardizedFileURL.path(percentEncoded: false), set)
    }

    /// Runs a program to its end, without holding a thread of the tests.
    /// - Parameters:
    ///   - input: the path of what it reads.
    ///   - environment: all of it.
    /// - Returns: how it ended, and what it has written on both outputs.
    package static func run(
        _ program: String, _ arguments: [String], input: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> (status: ExitStatus, output: String) {
        let result: Result<FinishedProcess, any Error> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result {
                        try FinishedProcess.run(
                            ["/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1 <\"$LEAT_TEST_INPUT\"", program] + arguments,
                            environment: environment.merging(["LEAT_TEST_INPUT": input ?? "/dev/null"]) { $1 }
                                .map { "\($0.key)=\($0.value)" })
                    })
            }
        }
        let ended = try result.get()
        return (ended.status, String(decoding: ended.output, as: UTF8.self))
    }
}
