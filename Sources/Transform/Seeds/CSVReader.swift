import Diagnostics

/// Reads comma separated values out of bytes, by the rules of Python's csv module: quotes may hold commas and line
/// breaks, two quotes stand for one, lines end with LF or CRLF.
struct CSVReader {
    /// Where a value lies in the file, and whether quotes inside of it must be undoubled.
    struct Field: Sendable {
        var start: Int
        var end: Int
        var hasDoubledQuotes: Bool
    }

    let bytes: [UInt8]
    private let delimiter: UInt8
    private var offset: Int
    private(set) var line = 1

    /// - Parameter delimiter: one ASCII character.
    init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
        self.bytes = bytes
        self.delimiter = delimiter
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Reads the next row into `fields`; empty lines are passed over.
    ///
    /// - Returns: the line on which the row begins; nil at the end.
    mutating func next(into fields: inout [Field]) throws(TransformError) -> Int? {
        while offset < bytes.count, bytes[offset] == 0x0A || bytes[offset] == 0x0D {
            if bytes[offset] == 0x0A { line += 1 }
            offset += 1
        }
        guard offset < bytes.count else { return nil }
        fields.removeAll(keepingCapacity: true)
        let start = line
        while true {
            fields.append(try field())
            guard offset < bytes.count else { return start }
            let byte = bytes[offset]
            offset += 1
            if byte == delimiter { continue }
            if byte == 0x0D, offset < bytes.count, bytes[offset] == 0x0A { offset += 1 }
            line += 1
            return start
        }
    }

    /// One value; ends before the delimiter or the end of the line.
    private mutating func field() throws(TransformError) -> Field {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
            let start = offset
            while offset < bytes.count, bytes[offset] != delimiter, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
            return Field(start: start, end: offset, hasDoubledQuotes: false)
        }
        let opening = line
        offset += 1
        let start = offset
        var hasDoubledQuotes = false
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                guard offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\"") else {
                    let end = offset
                    offset += 1
                    // What follows the closing quote up to the delimiter belongs to nothing.
                    while offset < bytes.count, bytes[offset] != delimiter, bytes[offset] != 0x0A, bytes[offset] != 0x0D {
                        offset += 1
                    }
                    return Field(start: start, end: end, hasDoubledQuotes: hasDoubledQuotes)
                }
                hasDoubledQuotes = true
                offset += 1
            } else if byte == 0x0A {
                line += 1
            }
            offset += 1
        }
        throw TransformError(.seed, "a quoted value is not closed", location: SourceLocation(file: "", line: opening))
    }

    /// The text of a value.
    func text(_ field: Field) -> String {
        let text = String(decoding: bytes[field.start..<field.end], as: UTF8.self)
        return field.hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
    }
}
