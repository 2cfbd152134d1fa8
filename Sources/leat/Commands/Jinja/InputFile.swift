import ArgumentParser
import Foundation

/// Files named on the command line, where `-` is standard input.
enum InputFile {
    /// The text of a file.
    /// - Throws: `ValidationError` when it cannot be read as UTF-8 text.
    static func text(_ path: String) throws -> String {
        guard let data = data(path) else { throw ValidationError("cannot read '\(path)'") }
        guard let text = String(data: data, encoding: .utf8) else { throw ValidationError("'\(path)' is not UTF-8 text") }
        return text
    }

    /// What the file holds; pipes and devices are read to their end.
    private static func data(_ path: String) -> Data? {
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let handle, let data = try? handle.readToEnd() ?? Data() else { return nil }
        return data
    }
}
