/// Finds the fields of a CSV text in place, reading it as Python's `csv` module does with its default dialect.
///
/// Quotes mean something only at the beginning of a field; a doubled quote inside stands for one; what follows a closing
/// quote up to the delimiter belongs to the field. LF, CR and CRLF end a row, and inside quotes each of them is read as LF,
/// since dbt opens seeds as text. The scanner keeps no reference to the bytes: each call is handed the same span.
struct CSVScanner {
    /// Where the next field begins.
    private(set) var offset: Int
    /// The content of the last field, if that differs from the bytes of the file.
    private(set) var decoded: [UInt8] = []
    /// Where a quoted field begins that never ends.
    private(set) var unclosedQuote: Int?
    private let delimiter: UInt8
    /// The rest of a delimiter outside of ASCII.
    private let delimiterTail: [UInt8]

    /// A value between delimiters.
    struct Field {
        var start: Int
        var end: Int
        /// Whether the content is in ``CSVScanner/decoded`` instead of in the text.
        var isDecoded: Bool
        var endsRow: Bool
    }

    /// - Parameter delimiter: the UTF-8 bytes of one character; not empty.
    init(at offset: Int, delimiter: [UInt8]) {
        self.offset = offset
        self.delimiter = delimiter[0]
        delimiterTail = Array(delimiter.dropFirst())
    }

    /// Passes an empty line; true if there was one. Only at the beginning of a row.
    @inline(__always)
    mutating func skipEmptyLine(in bytes: Span<UInt8>) -> Bool {
        guard offset < bytes.count, Self.isLineEnd(bytes[offset]) else { return false }
        offset = Self.afterLineEnd(at: offset, in: bytes)
        return true
    }

    /// The next field of the row.
    @inline(__always)
    mutating func next(in bytes: Span<UInt8>) -> Field {
        let start = offset
        let count = bytes.count
        if start < count, bytes[unchecked: start] == Self.quote { return nextQuoted(in: bytes) }
        let delimiter = delimiter
        var index = start
        while index < count {
            let byte = bytes[unchecked: index]
            if byte == delimiter, isDelimiter(at: index, in: bytes) {
                offset = index + 1 + delimiterTail.count
                return Field(start: start, end: index, isDecoded: false, endsRow: false)
            }
            if byte <= 0x0D, Self.isLineEnd(byte) {
                offset = Self.afterLineEnd(at: index, in: bytes)
                return Field(start: start, end: index, isDecoded: false, endsRow: true)
            }
            index &+= 1
        }
        offset = count
        return Field(start: start, end: count, isDecoded: false, endsRow: true)
    }

    private mutating func nextQuoted(in bytes: Span<UInt8>) -> Field {
        let start = offset + 1
        let count = bytes.count
        var index = start
        while index < count {
            let byte = bytes[unchecked: index]
            if byte == Self.quote {
                guard let endsRow = finish(at: index + 1, in: bytes) else { break }
                return Field(start: start, end: index, isDecoded: false, endsRow: endsRow)
            }
            if byte == 0x0D { break }
            index &+= 1
        }
        if index == count {
            unclosedQuote = offset
            offset = count
            return Field(start: start, end: count, isDecoded: false, endsRow: true)
        }
        return decodeQuoted(from: start, in: bytes)
    }

    /// If a field may end here: passes the delimiter or line end and tells whether the row ends too.
    private mutating func finish(at index: Int, in bytes: Span<UInt8>) -> Bool? {
        guard index < bytes.count else {
            offset = index
            return true
        }
        let byte = bytes[index]
        if byte == delimiter, isDelimiter(at: index, in: bytes) {
            offset = index + 1 + delimiterTail.count
            return false
        }
        guard Self.isLineEnd(byte) else { return nil }
        offset = Self.afterLineEnd(at: index, in: bytes)
        return true
    }

    /// The slow way: a quoted field with doubled quotes, CRs or text after the closing quote.
    private mutating func decodeQuoted(from start: Int, in bytes: Span<UInt8>) -> Field {
        decoded.removeAll(keepingCapacity: true)
        let quoteStart = start - 1
        let count = bytes.count
        var index = start
        var isQuoted = true
        while index < count {
            let byte = bytes[unchecked: index]
            if isQuoted {
                if byte == Self.quote {
                    if index + 1 < count, bytes[index + 1] == Self.quote {
                        decoded.append(byte)
                        index += 2
                        continue
                    }
                    index += 1
                    if let endsRow = finish(at: index, in: bytes) { return decodedField(endsRow) }
                    isQuoted = false
                } else if byte == 0x0D {
                    decoded.append(0x0A)
                    index = Self.afterLineEnd(at: index, in: bytes)
                } else {
                    decoded.append(byte)
                    index += 1
                }
            } else {
                if let endsRow = finish(at: index, in: bytes) { return decodedField(endsRow) }
                decoded.append(byte)
                index += 1
            }
        }
        if isQuoted { unclosedQuote = quoteStart }
        offset = count
        return decodedField(true)
    }

    private func decodedField(_ endsRow: Bool) -> Field {
        Field(start: 0, end: decoded.count, isDecoded: true, endsRow: endsRow)
    }

    @inline(__always)
    private func isDelimiter(at index: Int, in bytes: Span<UInt8>) -> Bool {
        delimiterTail.isEmpty || hasTail(at: index + 1, in: bytes)
    }

    private func hasTail(at index: Int, in bytes: Span<UInt8>) -> Bool {
        guard index + delimiterTail.count <= bytes.count else { return false }
        return delimiterTail.indices.allSatisfy { bytes[index + $0] == delimiterTail[$0] }
    }

    private static let quote = UInt8(ascii: "\"")

    @inline(__always)
    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    @inline(__always)
    private static func afterLineEnd(at index: Int, in bytes: Span<UInt8>) -> Int {
        let isPair = bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
        return isPair ? index + 2 : index + 1
    }
}
