import Diagnostics
import Jinja

/// A seed file, read: its columns, their types, and where each value lies in the file's bytes.
final class SeedTable: Sendable {
    let columns: [String]
    let types: [SeedColumnType]
    let rowCount: Int
    let reader: CSVReader
    /// Row by row.
    let fields: [CSVReader.Field]
    /// The line on which each row begins.
    let lines: [Int]
    let file: String

    /// - Parameters:
    ///   - typedColumns: columns whose type is given; their values stay as they are.
    ///   - file: what to call the file in errors.
    init(_ bytes: [UInt8], delimiter: UInt8, typedColumns: Set<String>, file: String) throws(TransformError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw TransformError(
                .seed, "the seed is not UTF-8 text", location: SourceLocation(file: file), hint: "save it as UTF-8")
        }
        var reader = CSVReader(bytes, delimiter: delimiter)
        var row: [CSVReader.Field] = []
        var all: [CSVReader.Field] = []
        var lines: [Int] = []
        do throws(TransformError) {
            guard try reader.next(into: &row) != nil else {
                throw TransformError(.seed, "the seed has no header line", location: SourceLocation(file: file, line: 1))
            }
            columns = Self.uniqueNames(row.map(reader.text))
            var inference = columns.map { SeedTypeInference(isForcedText: typedColumns.contains($0)) }
            while let line = try reader.next(into: &row) {
                guard row.count <= columns.count else {
                    throw TransformError(
                        .seed, "the row has \(row.count) values, but the header has \(columns.count) columns",
                        location: SourceLocation(file: file, line: line), hint: "put values with commas into quotes")
                }
                for index in columns.indices {
                    // A row that is too short lacks its last values.
                    let field = index < row.count ? row[index] : CSVReader.Field(start: 0, end: 0, hasDoubledQuotes: false)
                    inference[index].look(at: reader.bytes[field.start..<field.end])
                    all.append(field)
                }
                lines.append(line)
            }
            types = inference.map(\.type)
        } catch {
            var error = error
            error.location?.file = file
            throw error
        }
        self.reader = reader
        fields = all
        self.lines = lines
        rowCount = lines.count
        self.file = file
    }

    /// Two columns of one name get a number, an unnamed one a letter, as agate does.
    private static func uniqueNames(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.enumerated().map { index, name in
            var base = name
            if base.isEmpty { base = String(UnicodeScalar(UInt8(97 + index % 26))) }
            var unique = base
            var number = 2
            while !seen.insert(unique).inserted {
                unique = "\(base)_\(number)"
                number += 1
            }
            return unique
        }
    }

    /// The value for templates.
    func value(row: Int, column: Int) -> Value {
        let field = fields[row * columns.count + column]
        let trimmed = SeedTypeInference.trimmed(reader.bytes[field.start..<field.end])
        if SeedTypeInference.isNull(trimmed) { return .none }
        switch types[column] {
        case .integer: return SeedNumber.normalized(trimmed).flatMap { Int($0) }.map { .int($0) } ?? .string(reader.text(field))
        case .number:
            return SeedNumber.normalized(trimmed).flatMap { Double($0) }.map { .double($0) } ?? .string(reader.text(field))
        case .boolean: return .bool(trimmed.first.map { $0 | 0x20 } == UInt8(ascii: "t"))
        default: return .string(reader.text(field))
        }
    }
}
