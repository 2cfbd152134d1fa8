import Foundation
import Processes

/// Programs from PyPI that tests are run against.
enum PythonPackages {
    /// Whether there is a python3 whose packages can be installed.
    static let canInstall: Bool = {
        let words = ["/bin/sh", "-c", "(python3 -m venv --help && python3 -m pip --version) >/dev/null 2>&1"]
        guard let process = try? SpawnedProcess(words) else { return false }
        defer { for pipe in [process.output, process.errors] { close(pipe) } }
        return process.group.reap() == .exited(0)
    }()

    /// The folder with the programs of a set that `scripts/connectors.sh` knows; nil where it cannot be installed.
    static func folder(_ set: String) async throws -> String? {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../scripts/connectors.sh")
            .standardizedFileURL
        let (status, output) = try await run(script.path(percentEncoded: false), [set], withErrors: false)
        return status == .exited(0) ? output.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }

    /// Runs a program to its end, without holding a thread of the tests.
    static func run(_ program: String, _ arguments: [String], withErrors: Bool = true) async throws -> (
        status: ExitStatus, output: String
    ) {
        let errors = withErrors ? "&1" : "/dev/null"
        let process = try SpawnedProcess(["/bin/sh", "-c", "exec \"$0\" \"$@\" 2>\(errors)", program] + arguments)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = FileHandle(fileDescriptor: process.output, closeOnDealloc: true).readDataToEndOfFile()
                close(process.errors)
                continuation.resume(returning: (process.group.reap(), String(decoding: data, as: UTF8.self)))
            }
        }
    }
}
