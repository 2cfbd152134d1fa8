import Postgres

/// Writes the rows of a seed as CSV for COPY: nulls are empty and everything else stands in quotes.
struct SeedWriter {
    private let table: SeedTable

    init(_ table: SeedTable) { self.table = table }

    func write(to writer: inout CopyWriter) throws {
        var line: [UInt8] = []
        line.reserveCapacity(1024)
        let width = table.columns.count
        for row in 0..<table.rowCount {
            line.removeAll(keepingCapacity: true)
            for column in 0..<width {
                if column > 0 { line.append(UInt8(ascii: ",")) }
                append(table.fields[row * width + column], of: table.types[column], to: &line)
            }
            line.append(0x0A)
            try writer.write(line)
        }
    }

    private func append(_ field: CSVReader.Field, of type: SeedColumnType, to line: inout [UInt8]) {
        let bytes = table.reader.bytes[field.start..<field.end]
        let trimmed = SeedTypeInference.trimmed(bytes)
        if SeedTypeInference.isNull(trimmed) { return }
        switch type {
        case .integer, .number: line += Array((SeedNumber.normalized(trimmed) ?? "").utf8)
        case .date, .dateTime, .boolean: line += trimmed
        case .text:
            line.append(UInt8(ascii: "\""))
            if field.hasDoubledQuotes {
                // Doubled quotes in the file are doubled quotes for the server.
                line += bytes
            } else {
                for byte in bytes {
                    if byte == UInt8(ascii: "\"") { line.append(byte) }
                    line.append(byte)
                }
            }
            line.append(UInt8(ascii: "\""))
        }
    }
}
