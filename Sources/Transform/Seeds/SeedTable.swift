package import Diagnostics

/// A seed: a CSV file as a table of the warehouse, with dbt's types.
///
/// Reading takes one pass over the bytes, which finds the types and counts the rows; ``copy(to:)`` takes a second one. What
/// dbt (agate) does with odd files is done here too: short rows and empty lines are filled with nulls, columns without a
/// name are called by a letter, repeated names get a number.
///
///     let table = try SeedTable(bytes: bytes, file: "seeds/teams.csv", columnTypes: ["id": "bigint"])
///     try connection.copyIn("COPY teams (id, name) FROM STDIN") { writer in try table.copy { try writer.write($0) } }
package struct SeedTable: Sendable {
    package private(set) var columns: [SeedColumn]
    package private(set) var rowCount: Int
    /// What dbt warns of, and what is probably not meant.
    package let warnings: [Warning]
    let bytes: [UInt8]
    /// What the file is called in messages.
    let file: String
    /// Where the rows begin.
    let body: Int
    let delimiter: [UInt8]

    /// Something odd that does not stop the seed.
    package struct Warning: Sendable, Hashable {
        package var message: String
        package var location: SourceLocation
    }

    /// Whether the rows must go through a table of `loadType`s first: PostgreSQL drops the offset of a timestamp that it
    /// reads into `timestamp without time zone`, while dbt's insert turns it into the session's time zone.
    package var needsStaging: Bool { columns.contains { $0.loadType != $0.type } }

    /// - Parameters:
    ///   - bytes: the file, in UTF-8, with or without a byte order mark.
    ///   - file: its name in messages.
    ///   - name: the seed's name in messages.
    ///   - delimiter: one character.
    ///   - columnTypes: types by column name that take the place of inferred ones.
    /// - Throws: ``TransformError`` with code `transform.seed` and the place in the file.
    package init(
        bytes: [UInt8], file: String, name: String? = nil, delimiter: String = ",", columnTypes: [String: String] = [:]
    ) throws(TransformError) {
        let place = SeedPlace(bytes: bytes, file: file)
        guard delimiter.unicodeScalars.count == 1, !["\"", "\n", "\r"].contains(delimiter) else {
            throw TransformError(
                .seed, "the delimiter of a seed must be one character, not '\(delimiter)'", location: SourceLocation(file: file))
        }
        if let fault = UTF8Check.firstFault(in: bytes.span) {
            throw TransformError(.seed, "the seed \(fault.message)", location: place.location(of: fault.offset))
        }
        self.bytes = bytes
        self.file = file
        self.delimiter = Array(delimiter.utf8)
        var scanner = CSVScanner(at: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, delimiter: self.delimiter)
        var warnings: [Warning] = []
        let header = try SeedHeader(&scanner, in: bytes.span, place: place, warnings: &warnings)
        body = scanner.offset
        let overridden = header.overridden(by: columnTypes, seed: name ?? file, place: place, warnings: &warnings)
        var inferences = header.names.indices.map { SeedInference(isText: overridden[$0] != nil) }
        rowCount = try Self.infer(&inferences, &scanner, in: bytes.span, place: place)
        if let quote = scanner.unclosedQuote {
            let message = "a quote is opened and never closed: the rest of the file is one value"
            warnings.append(Warning(message: message, location: place.location(of: quote)))
        }
        columns = header.names.indices.map { index in
            let name = header.names[index]
            if let type = overridden[index] { return SeedColumn(name: name, type: type) }
            let inference = inferences[index]
            let kind = inference.kind
            return SeedColumn(name: name, inferred: kind, hasOffsets: kind == .isoTimestamp && inference.hasOffsets)
        }
        self.warnings = warnings
    }

    /// The table without its rows, for `--empty`; numbers are integers then, as in dbt.
    package func emptied() -> SeedTable {
        var table = self
        table.rowCount = 0
        for index in columns.indices where columns[index].kind == .float {
            table.columns[index] = SeedColumn(name: columns[index].name, inferred: .integer, hasOffsets: false)
        }
        return table
    }

    private static func infer(
        _ inferences: inout [SeedInference], _ scanner: inout CSVScanner, in bytes: Span<UInt8>, place: SeedPlace
    ) throws(TransformError) -> Int {
        var rows = 0
        let count = inferences.count
        while scanner.offset < bytes.count {
            rows += 1
            if scanner.skipEmptyLine(in: bytes) { continue }
            var column = 0
            while true {
                let start = scanner.offset
                let field = scanner.next(in: bytes)
                guard column < count else {
                    let found = column + 1 + (field.endsRow ? 0 : remainingFields(&scanner, in: bytes))
                    throw TransformError(
                        .seed, "the row has \(found) values, but the seed has only \(count) column\(count == 1 ? "" : "s")",
                        location: place.location(of: start), hint: "put values that contain the delimiter in double quotes")
                }
                if inferences[column].isOpen {
                    if field.isDecoded {
                        inferences[column].observe(scanner.decoded.span)
                    } else {
                        inferences[column].observe(bytes.extracting(unchecked: field.start..<field.end))
                    }
                }
                column += 1
                if field.endsRow { break }
            }
        }
        return rows
    }

    private static func remainingFields(_ scanner: inout CSVScanner, in bytes: Span<UInt8>) -> Int {
        var count = 1
        while !scanner.next(in: bytes).endsRow { count += 1 }
        return count
    }
}
