import ArgumentParser
import Foundation

/// Reads values that must not stand in the list of processes.
enum SecretInput {
    /// What somebody types without seeing it, or all of standard input without its last line end.
    static func read(_ prompt: String) throws -> String {
        if isatty(0) == 1 {
            guard let text = getpass("\(prompt): ").map({ String(cString: $0) }), !text.isEmpty else {
                throw ValidationError("Nothing was typed.")
            }
            return text
        }
        let data = FileHandle.standardInput.readDataToEndOfFile()
        guard var text = String(data: data, encoding: .utf8) else { throw ValidationError("Standard input is not UTF-8 text.") }
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        guard !text.isEmpty else { throw ValidationError("The value is read from standard input, and that is empty.") }
        return text
    }

    /// The content of a file; of standard input where it is `-`.
    static func file(_ path: String) throws -> String {
        if path == "-" { return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ValidationError("The file '\(path)' cannot be read as UTF-8 text.")
        }
        return text
    }
}
