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
    /// - Returns: how it ended, and what it has written on both outputs.
    package static func run(_ program: String, _ arguments: [String]) async throws -> (status: ExitStatus, output: String) {
        let process = try SpawnedProcess(["/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1", program] + arguments)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = FileHandle(fileDescriptor: process.output, closeOnDealloc: true).readDataToEndOfFile()
                close(process.errors)
                continuation.resume(returning: (process.group.reap(), String(decoding: data, as: UTF8.self)))
            }
        }
    }
}
