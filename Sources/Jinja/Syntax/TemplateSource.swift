/// The text of a template: its name and bytes, with line breaks normalised to `\n`.
public final class TemplateSource: Sendable {
    /// The name of the template, for messages.
    public let name: String?
    /// The bytes in UTF-8.
    let bytes: [UInt8]

    /// Normalises the line breaks; removes one trailing line break unless it is to be kept.
    init(_ text: String, name: String?, keepsTrailingNewline: Bool) {
        self.name = name
        var bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: "\r")) { bytes = TemplateSource.normalize(bytes) }
        if !keepsTrailingNewline && bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        self.bytes = bytes
    }

    private static func normalize(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\r") {
                result.append(UInt8(ascii: "\n"))
                if index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n") { index += 1 }
            } else {
                result.append(byte)
            }
            index += 1
        }
        return result
    }

    /// The text of a range of bytes.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The line and the column in characters of a byte offset, both from 1.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var start = 0
        let end = min(offset, bytes.count)
        for index in 0..<end where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            start = index + 1
        }
        let column = bytes[start..<max(start, end)].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return (line, column)
    }

    /// The text of a line, from 1, shortened when it is very long.
    public func line(_ number: Int) -> String? {
        var current = 1
        var start = 0
        while current < number {
            guard let next = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            start = next + 1
            current += 1
        }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        return String(decoding: bytes[start..<min(end, start + 400)], as: UTF8.self)
    }

    /// The error with the place of a byte offset, unless it has one already.
    func located(_ error: TemplateError, at offset: Int) -> TemplateError {
        guard error.line == 0 else { return error }
        var error = error
        let place = position(of: offset)
        error.templateName = name
        error.line = place.line
        error.column = place.column
        error.sourceLine = line(place.line)
        return error
    }
}
