/// Finds the place in a data file that the server complains about.
///
/// The server counts the lines of the file (with the header) up to the end of a record, and names the column. In a CSV file
/// quoted values may hold line breaks, so record and value may begin lines before.
struct DataLocator {
    struct Place: Equatable {
        /// Of the value, or of the record where no value is meant; both from 1, columns in characters.
        var line: Int
        var column: Int
        /// The value as it stands in the file, without quotes.
        var value: String?
    }

    let format: DataFormat

    /// The place of a value.
    ///
    /// - Parameters:
    ///   - line: as the server counts.
    ///   - field: from 0; nil for the record as a whole, `Int.max` for its end.
    func find(line: Int, field: Int?, in bytes: UnsafeRawBufferPointer) -> Place? {
        var scanner = Scanner(bytes: bytes, format: format)
        while let record = scanner.next() {
            guard scanner.line > line || scanner.position == bytes.count else { continue }
            guard let field else { return Place(line: record.line, column: 1, value: nil) }
            guard let found = record.fields.dropFirst(field).first else {
                return Place(line: record.endLine, column: column(of: record.end, in: bytes), value: nil)
            }
            return Place(
                line: found.line, column: column(of: found.range.lowerBound, in: bytes), value: value(bytes[found.range]))
        }
        return nil
    }

    func column(of offset: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var column = 1
        var index = offset - 1
        while index >= 0, bytes[index] != UInt8(ascii: "\n"), bytes[index] != UInt8(ascii: "\r") {
            if bytes[index] & 0xC0 != 0x80 { column += 1 }
            index -= 1
        }
        return column
    }

    private func value(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        guard format.isCSV, bytes.first == format.quote else { return String(decoding: bytes, as: UTF8.self) }
        var value: [UInt8] = []
        var inner = bytes.dropFirst()
        if inner.last == format.quote { inner = inner.dropLast() }
        var index = inner.startIndex
        while index < inner.endIndex {
            if inner[index] == format.escape, index + 1 < inner.endIndex { index += 1 }
            value.append(inner[index])
            index += 1
        }
        return String(decoding: value, as: UTF8.self)
    }

    /// Where the quote is that the file never closes.
    func openQuote(in bytes: UnsafeRawBufferPointer) -> Place? {
        var scanner = Scanner(bytes: bytes, format: format)
        while scanner.next() != nil {}
        guard scanner.isQuoted, let quote = scanner.quote else { return nil }
        return Place(line: quote.line, column: column(of: quote.offset, in: bytes), value: nil)
    }

    /// Walks over the records of a file.
    private struct Scanner {
        struct Record {
            /// Where it begins.
            var line: Int
            var endLine: Int
            /// Behind its last byte.
            var end: Int
            var fields: [(range: Range<Int>, line: Int)]
        }

        let bytes: UnsafeRawBufferPointer
        let format: DataFormat
        var position = 0
        /// The line at `position`.
        var line = 1
        /// Whether the file ends within a quoted value.
        var isQuoted = false
        /// Where the last quoted value begins.
        var quote: (offset: Int, line: Int)?
        private var closingQuote = -1

        init(bytes: UnsafeRawBufferPointer, format: DataFormat) {
            self.bytes = bytes
            self.format = format
        }

        mutating func next() -> Record? {
            guard position < bytes.count else { return nil }
            var record = Record(line: line, endLine: line, end: position, fields: [])
            var field = (start: position, line: line)
            isQuoted = false
            while true {
                guard position < bytes.count else { return finish(&record, field) }
                let byte = bytes[position]
                if isQuoted {
                    if byte == format.escape, format.escape != format.quote, position + 1 < bytes.count { position += 1 }
                    if byte == format.quote { (isQuoted, closingQuote) = (false, position) }
                    if isLineEnd(byte) { line += 1 }
                } else if format.isCSV, byte == format.quote {
                    isQuoted = true
                    // A doubled quote belongs to the value.
                    if closingQuote != position - 1 || position == field.start { quote = (position, line) }
                } else if byte == format.delimiter {
                    record.fields.append((field.start..<position, field.line))
                    field = (position + 1, line)
                } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                    finish(&record, field)
                    if byte == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") {
                        position += 1
                    }
                    position += 1
                    line += 1
                    return record
                } else if !format.isCSV, byte == UInt8(ascii: "\\") {
                    position += 1
                }
                position += 1
            }
        }

        @discardableResult
        private func finish(_ record: inout Record, _ field: (start: Int, line: Int)) -> Record {
            let end = min(position, bytes.count)
            record.fields.append((field.start..<max(end, field.start), field.line))
            record.end = end
            record.endLine = line
            return record
        }

        /// In `\r\n` only the second counts.
        private func isLineEnd(_ byte: UInt8) -> Bool {
            if byte == UInt8(ascii: "\n") { return true }
            return byte == UInt8(ascii: "\r") && (position + 1 >= bytes.count || bytes[position + 1] != UInt8(ascii: "\n"))
        }
    }
}
