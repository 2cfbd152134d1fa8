import Diagnostics

extension SeedTable {
    /// Where a value stands in the file, or its row if there is no such value. Reads the file up to there.
    ///
    /// - Parameters:
    ///   - row: counted from 0, without the header.
    ///   - column: the column's index; nil for the row's beginning.
    func location(ofRow row: Int, column: Int?) -> SourceLocation? {
        guard row >= 0, row < rowCount else { return nil }
        let bytes = bytes.span
        var scanner = CSVScanner(at: body, delimiter: delimiter)
        for _ in 0..<row where scanner.offset < bytes.count && !scanner.skipEmptyLine(in: bytes) {
            while !scanner.next(in: bytes).endsRow {}
        }
        let start = scanner.offset
        var offset = start
        if let column, !scanner.skipEmptyLine(in: bytes) {
            for _ in 0..<column {
                if scanner.next(in: bytes).endsRow { break }
                offset = scanner.offset
            }
        }
        return SeedPlace(bytes: self.bytes, file: file).location(of: offset)
    }
}
