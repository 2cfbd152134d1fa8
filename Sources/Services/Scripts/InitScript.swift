import Diagnostics
import Foundation

/// An SQL file that prepares a service's database.
struct InitScript: Sendable {
    /// One thing that the script does, in order.
    enum Step: Sendable {
        /// A statement; its text begins at `offset` of the script.
        case statement(text: String, offset: Int)
        /// `\copy ... from 'file'`.
        case copy(CopyCommand, offset: Int)
        /// `copy ... from stdin;` with the rows in the lines that follow, up to `\.`.
        case inlineCopy(text: String, offset: Int, data: Range<Int>)
    }

    /// As leat.yml names it.
    let path: String
    let bytes: [UInt8]
    let steps: [Step]

    /// - Throws: ``ServicesError`` if the file cannot be read, or has what scripts may not have.
    init(_ path: String, project: String) throws(ServicesError) {
        guard let data = FileManager.default.contents(atPath: Self.path(path, in: project)) else {
            throw ServicesError(.scriptMissing, "the init script \(path) cannot be read in \(project)")
        }
        try self.init(path, bytes: [UInt8](data))
    }

    init(_ path: String, bytes: [UInt8]) throws(ServicesError) {
        self.path = path
        self.bytes = bytes
        var lexer = ScriptLexer(path: path, bytes: bytes)
        steps = try lexer.steps()
    }

    /// The files that it copies from, as it names them.
    var copiedFiles: [String] {
        steps.compactMap { if case .copy(let command, _) = $0 { command.file } else { nil } }
    }

    func location(_ offset: Int) -> SourceLocation { Self.location(offset, in: bytes, of: path) }

    /// Where a path of the project is; absolute ones stay.
    static func path(_ path: String, in project: String) -> String { path.hasPrefix("/") ? path : project + "/" + path }

    /// Line and column of a byte; columns count characters as the server does, one per Unicode scalar.
    static func location(_ offset: Int, in bytes: [UInt8], of path: String) -> SourceLocation {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourceLocation(file: path, line: line, column: column)
    }
}
