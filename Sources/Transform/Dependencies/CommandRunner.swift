import Foundation

/// Runs the system's programs that fetch packages: git, curl, tar.
enum CommandRunner {
    /// Runs a program to its end and gives what it wrote.
    ///
    /// - Throws: ``TransformError`` where it is not there or fails, with what it said.
    static func run(_ words: [String], in folder: String? = nil) throws(TransformError) -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        var environment = ProcessInfo.processInfo.environment
        environment["GIT_TERMINAL_PROMPT"] = "0"
        process.environment = environment
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw TransformError(.project, "\(words[0]) cannot be run: \(error.localizedDescription)")
        }
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let said = String(decoding: complaints, as: UTF8.self).trimmingWhitespaceBytes
            throw TransformError(
                .project, "\(words.prefix(2).joined(separator: " ")) failed with \(process.terminationStatus): \(said)")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
