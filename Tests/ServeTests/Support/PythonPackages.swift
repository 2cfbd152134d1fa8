import Foundation

/// Programs from PyPI that tests are run against.
enum PythonPackages {
    /// Whether there is a python3 whose packages can be installed.
    static let canInstall: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "python3 -m venv --help && python3 -m pip --version"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// The folder with the programs of a set that `scripts/connectors.sh` knows; nil where it cannot be installed.
    static func folder(_ set: String) async throws -> String? {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../scripts/connectors.sh")
            .standardizedFileURL
        let (status, output) = try await run(script.path(percentEncoded: false), [set], withErrors: false)
        return status == 0 ? output.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }

    /// Runs a program to its end, without holding a thread of the tests.
    static func run(_ program: String, _ arguments: [String], withErrors: Bool = true) async throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = withErrors ? output : FileHandle.nullDevice
        try process.run()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: (process.terminationStatus, String(decoding: data, as: UTF8.self)))
            }
        }
    }
}
