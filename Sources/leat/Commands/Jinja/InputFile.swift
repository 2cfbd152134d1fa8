import ArgumentParser
import Foundation

/// Files named on the command line, where `-` is standard input.
enum InputFile {
    /// The text of a file.
    /// - Throws: `ValidationError` when it cannot be read as UTF-8 text.
    static func text(_ path: String) throws -> String {
        let data = path == "-" ? try FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: path)
        guard let data else { throw ValidationError("cannot read '\(path)'") }
        guard let text = String(data: data, encoding: .utf8) else { throw ValidationError("'\(path)' is not UTF-8 text") }
        return text
    }
}
