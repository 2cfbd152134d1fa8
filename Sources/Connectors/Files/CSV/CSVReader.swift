import Diagnostics

/// Where a value lies in the buffer of a ``CSVReader``.
struct CSVField {
    var start: Int
    var end: Int
    var isQuoted: Bool
    /// Whether quotes inside are doubled or escaped.
    var isEscaped: Bool
}

/// Cuts a CSV file into rows and values without copying them: RFC 4180, with other delimiters, quotes and escapes.
///
/// A quote counts only at the beginning of a value. Lines end with a line feed, with or without a carriage return.
final class CSVReader {
    /// How errors name the file.
    let path: String
    private let reader: any ByteReader
    private var dialect: CSVDialect
    private(set) var delimiter: UInt8

    /// What was read and not yet taken begins at `start`.
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var hasEnded = false
    /// The line at which the next row begins.
    private var line = 1

    /// The values of the row; valid until the next.
    private(set) var fields: UnsafeMutablePointer<CSVField>
    private(set) var count = 0
    private var capacity = 64
    private var rowStart = 0
    private var rowLine = 1
    /// Whether all that is in the buffer is ASCII without the character zero.
    private(set) var isPlain = true
    /// The rows that were read, without the header.
    private(set) var rows = 0
    /// The bytes of the file that were taken, as UTF-8.
    private(set) var bytesTaken = 0

    init(_ reader: any ByteReader, path: String, dialect: CSVDialect) throws(ConnectorError) {
        self.reader = reader
        self.path = path
        self.dialect = dialect
        delimiter = dialect.delimiter ?? UInt8(ascii: ",")
        buffer = .allocate(byteCount: 256 << 10, alignment: 16)
        fields = .allocate(capacity: 64)
        _ = try refill()
        for _ in 0..<dialect.skippedLines { try skipLine() }
        if dialect.delimiter == nil {
            delimiter = CSVDialect.delimiter(of: buffer[start..<end], quote: dialect.quote)
        }
    }

    deinit {
        buffer.deallocate()
        fields.deallocate()
    }

    /// The bytes in which ``fields`` lie.
    @inline(__always)
    var base: UnsafePointer<UInt8> { UnsafePointer(buffer.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)) }

    /// The names in the header, or those that are given or made up.
    /// - Returns: nil for an empty file.
    func header() throws(ConnectorError) -> [String]? {
        if dialect.hasHeader {
            guard try nextLine() else { return dialect.columns.isEmpty ? nil : dialect.columns }
            let names = try (0..<count).map { (index) throws(ConnectorError) in try headerName(index) }
            var seen: [String: Int] = [:]
            for (index, name) in names.enumerated() {
                if seen.updateValue(index, forKey: name) != nil {
                    throw error(
                        "the column '\(name)' stands twice in the header", at: fields[index].start,
                        hint: "set header: false and columns")
                }
            }
            rows = 0
            return names
        }
        if !dialect.columns.isEmpty { return dialect.columns }
        // The first row says how many there are, and is read again.
        guard try nextLine() else { return nil }
        start = rowStart
        line = rowLine
        rows = 0
        bytesTaken = 0
        return (1...count).map { "column_\($0)" }
    }

    private func headerName(_ index: Int) throws(ConnectorError) -> String {
        let bytes = unescaped(fields[index])
        guard let name = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw error("the name of column \(index + 1) is not UTF-8", at: fields[index].start, hint: "set encoding")
        }
        let trimmed = name.drop { $0 == " " }
        return trimmed.isEmpty ? "column_\(index + 1)" : String(trimmed)
    }

    /// The text of a value, for whatever is not done a million times.
    func unescaped(_ field: CSVField) -> [UInt8] {
        let raw = UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
        guard field.isEscaped else { return Array(raw) }
        let quote = dialect.quote
        let escape = dialect.escape
        return [UInt8](unsafeUninitializedCapacity: raw.count) { bytes, count in
            var offset = 0
            while offset < raw.count {
                if raw[offset] == escape || raw[offset] == quote, offset + 1 < raw.count { offset += 1 }
                bytes[count] = raw[offset]
                count += 1
                offset += 1
            }
        }
    }

    /// Goes to the next row that is not empty.
    ///
    /// An empty line is no row, unless the file has but one column.
    /// - Parameter width: how many columns there are.
    /// - Returns: false at the end.
    @inline(__always)
    func next(width: Int) throws(ConnectorError) -> Bool {
        repeat {
            guard try nextLine() else { return false }
        } while count == 1 && width != 1 && fields[0].start == fields[0].end && !fields[0].isQuoted
        return true
    }

    private func nextLine() throws(ConnectorError) -> Bool {
        while true {
            if start == end, hasEnded { return false }
            if start < end, let stop = try parse() {
                bytesTaken += stop - start
                start = stop
                rows += 1
                return true
            }
            if hasEnded { return false }
            _ = try refill()
        }
    }

    /// - Returns: where the row ends; nil if not all of it is there.
    private func parse() throws(ConnectorError) -> Int? {
        let bytes = base
        let end = end
        let delimiter = delimiter
        let quote = dialect.quote.map(Int.init) ?? -1
        let unquotedEnd = ByteSearch(delimiter, 0x0A, 0x0A)
        let quotedEnd = ByteSearch(dialect.quote ?? 0x0A, dialect.escape ?? dialect.quote ?? 0x0A, 0x0A)
        var offset = start
        var lines = 1
        rowStart = start
        rowLine = line
        // Local, since the runtime looks after each access to a variable of a class.
        var fields = self.fields
        var capacity = self.capacity
        var count = 0
        defer { self.count = count }
        @inline(__always)
        func append(_ field: CSVField) {
            if count == capacity { (fields, capacity) = grow(count) }
            fields[count] = field
            count += 1
        }
        while true {
            if offset < end, Int(bytes[offset]) == quote {
                guard let (stop, isEscaped) = try closingQuote(bytes, offset, end, quotedEnd, &lines) else { return nil }
                append(CSVField(start: offset + 1, end: stop, isQuoted: true, isEscaped: isEscaped))
                offset = stop + 1
                if offset < end, bytes[offset] == delimiter {
                    offset += 1
                    if offset >= end, !hasEnded { return nil }
                    continue
                }
                if offset < end, bytes[offset] == 0x0D {
                    if offset + 1 >= end, !hasEnded { return nil }
                    if offset + 1 >= end || bytes[offset + 1] == 0x0A { offset += 1 }
                }
                if offset >= end {
                    if !hasEnded { return nil }
                    line += lines
                    return end
                }
                guard bytes[offset] == 0x0A else {
                    throw error("there is something between a closing quote and the delimiter", at: offset)
                }
                line += lines
                return offset + 1
            }
            let stop = unquotedEnd.first(in: bytes, from: offset, to: end)
            if stop >= end, !hasEnded { return nil }
            if stop < end, bytes[stop] == delimiter {
                append(CSVField(start: offset, end: stop, isQuoted: false, isEscaped: false))
                offset = stop + 1
                continue
            }
            let last = stop > offset && bytes[stop - 1] == 0x0D ? stop - 1 : stop
            append(CSVField(start: offset, end: last, isQuoted: false, isEscaped: false))
            line += lines
            return min(stop + 1, end)
        }
    }

    /// The quote that closes the value which begins with the one at `opening`; nil if not all of the value is there.
    /// - Parameter lines: counts the lines that end within the value.
    private func closingQuote(
        _ bytes: UnsafePointer<UInt8>, _ opening: Int, _ end: Int, _ search: ByteSearch, _ lines: inout Int
    ) throws(ConnectorError) -> (place: Int, isEscaped: Bool)? {
        var stop = opening + 1
        var isEscaped = false
        while true {
            stop = search.first(in: bytes, from: stop, to: end)
            if stop >= end {
                if hasEnded { throw error("a quote is opened here and not closed", at: opening) }
                return nil
            }
            let byte = bytes[stop]
            if byte == dialect.quote {
                if stop + 1 >= end, !hasEnded { return nil }
                guard stop + 1 < end, bytes[stop + 1] == byte else { return (stop, isEscaped) }
                isEscaped = true
                stop += 2
            } else if byte == dialect.escape {
                isEscaped = true
                stop += 2
            } else {
                lines += 1
                stop += 1
            }
        }
    }

    private func grow(_ count: Int) -> (UnsafeMutablePointer<CSVField>, Int) {
        let larger = UnsafeMutablePointer<CSVField>.allocate(capacity: 2 * capacity)
        larger.update(from: fields, count: count)
        fields.deallocate()
        fields = larger
        capacity *= 2
        return (larger, capacity)
    }

    private func skipLine() throws(ConnectorError) {
        while true {
            if let place = buffer[start..<end].firstIndex(of: 0x0A) {
                start = place + 1
                line += 1
                return
            }
            start = end
            if hasEnded { return }
            _ = try refill()
        }
    }

    /// Moves what is left to the beginning, in a larger buffer if it fills this one, and reads behind it.
    private func refill() throws(ConnectorError) -> Int {
        let rest = end - start
        if rest > buffer.count / 2 {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * buffer.count, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
            buffer.deallocate()
            buffer = larger
        } else if start > 0, rest > 0 {
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<rest]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
        }
        start = 0
        end = rest
        let count = try reader.fill(UnsafeMutableRawBufferPointer(rebasing: buffer[rest...]))
        hasEnded = count < buffer.count - rest
        end += count
        isPlain = TextCheck.isPlain(UnsafeRawBufferPointer(rebasing: buffer[..<end]))
        return count
    }

    /// An error with the place of a byte of the row at hand.
    func error(_ message: String, at offset: Int, hint: String? = nil) -> ConnectorError {
        var error = ConnectorError(.data, message, hint: hint)
        error.location = place(of: offset)
        return error
    }

    func place(of offset: Int) -> SourceLocation {
        var line = rowLine
        var column = 1
        for place in rowStart..<max(rowStart, offset) {
            if base[place] == 0x0A {
                line += 1
                column = 1
            } else if base[place] & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourceLocation(file: path, line: line, column: column)
    }
}
