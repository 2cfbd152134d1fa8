import Foundation

/// A CSV file as RFC 4180 has it, read whole: the way to the expected result that shares no code with Leat.
struct ExpectedCSV {
    /// The names in the header line.
    let columns: [String]

    /// The records after the header, by column. An empty field without quotes is nil, as for COPY.
    let rows: [[String: String]]

    init(contentsOf url: URL) throws {
        let records = try Self.records(in: [UInt8](Data(contentsOf: url)))
        guard let header = records.first else { throw ExpectedDataError("\(url.lastPathComponent) is empty") }
        columns = header.compactMap(\.self)
        guard columns.count == header.count else {
            throw ExpectedDataError("\(url.lastPathComponent) has a column without a name")
        }
        rows = try records.dropFirst().map { [columns] record in
            guard record.count == columns.count else {
                throw ExpectedDataError("\(url.lastPathComponent) has a record of \(record.count) fields")
            }
            var row: [String: String] = [:]
            for (column, field) in zip(columns, record) { row[column] = field }
            return row
        }
    }

    private static func records(in bytes: [UInt8]) throws -> [[String?]] {
        let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ","), newline = UInt8(ascii: "\n"),
            carriageReturn = UInt8(ascii: "\r")
        var records: [[String?]] = []
        var record: [String?] = []
        var field: [UInt8] = []
        var isInQuotes = false
        var wasQuoted = false

        func endField() {
            record.append(field.isEmpty && !wasQuoted ? nil : String(decoding: field, as: UTF8.self))
            field = []
            wasQuoted = false
        }

        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case quote where isInQuotes && index < bytes.count && bytes[index] == quote:
                field.append(quote)
                index += 1
            case quote:
                isInQuotes.toggle()
                wasQuoted = true
            case comma where !isInQuotes:
                endField()
            case newline where !isInQuotes:
                endField()
                records.append(record)
                record = []
            case carriageReturn where !isInQuotes && index < bytes.count && bytes[index] == newline:
                break
            default:
                field.append(byte)
            }
        }
        if isInQuotes { throw ExpectedDataError("a quote is not closed") }
        if !record.isEmpty || !field.isEmpty || wasQuoted {
            endField()
            records.append(record)
        }
        return records
    }
}
