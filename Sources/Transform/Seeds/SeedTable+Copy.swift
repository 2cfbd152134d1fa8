extension SeedTable {
    /// Streams the rows in PostgreSQL's text format of COPY: tabs, `\N`, backslashes; nothing to set but the columns.
    ///
    /// - Parameter sink: takes whole rows, about 64 KB at a time; the array is used again after the call.
    /// - Throws: what the sink throws.
    package func copy(to sink: ([UInt8]) throws -> Void) throws {
        guard rowCount > 0 else { return }
        let bytes = bytes.span
        let kinds = columns.map(\.kind)
        let emptyRow = Array(repeating: "\\N", count: kinds.count).joined(separator: "\t").utf8
        var scanner = CSVScanner(at: body, delimiter: delimiter)
        var buffer = CopyBuffer()
        while scanner.offset < bytes.count {
            if scanner.skipEmptyLine(in: bytes) {
                for byte in emptyRow { buffer.append(byte) }
            } else {
                Self.copyRow(&scanner, in: bytes, kinds, to: &buffer)
            }
            buffer.append(0x0A)
            if buffer.isFull { try buffer.flush(to: sink) }
        }
        try buffer.flush(to: sink)
    }

    /// The values as PostgreSQL is given them, for display and for macros that write rows themselves.
    package func rows(limit: Int = .max) -> [[String?]] {
        let bytes = bytes.span
        var scanner = CSVScanner(at: body, delimiter: delimiter)
        var rows: [[String?]] = []
        let count = min(limit, rowCount)
        while rows.count < count {
            var row: [String?] = []
            if !scanner.skipEmptyLine(in: bytes) {
                var endsRow = false
                while !endsRow {
                    let field = scanner.next(in: bytes)
                    var text: [UInt8] = []
                    let kind = columns[row.count].kind
                    let isNull =
                        field.isDecoded
                        ? !SeedCell.append(scanner.decoded.span, kind, to: &text)
                        : !SeedCell.append(bytes.extracting(field.start..<field.end), kind, to: &text)
                    row.append(isNull ? nil : String(decoding: text, as: UTF8.self))
                    endsRow = field.endsRow
                }
            }
            row.append(contentsOf: Array(repeating: nil, count: columns.count - row.count))
            rows.append(row)
        }
        return rows
    }

    @inline(__always)
    private static func copyRow(
        _ scanner: inout CSVScanner, in bytes: Span<UInt8>, _ kinds: [SeedColumn.Kind], to buffer: inout CopyBuffer
    ) {
        var column = 0
        while true {
            let field = scanner.next(in: bytes)
            if column > 0 { buffer.append(0x09) }
            if field.isDecoded {
                SeedCell.copy(scanner.decoded.span, kinds[column], to: &buffer)
            } else {
                SeedCell.copy(bytes.extracting(unchecked: field.start..<field.end), kinds[column], to: &buffer)
            }
            column += 1
            if field.endsRow { break }
        }
        while column < kinds.count {
            if column > 0 { buffer.append(0x09) }
            buffer.appendNull()
            column += 1
        }
    }
}
