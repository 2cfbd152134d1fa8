import Documents
import Records

/// Makes tuples of COPY BINARY of the rows of one CSV file.
///
/// Where values that do not fit become null, the last field of each tuple holds which they were, as `_airbyte_meta.changes` has it,
/// or null.
struct CSVTupleEncoder {
    private struct Column {
        var name: String
        var writer: CSVValueWriter
        /// The place in the file; -1 where the file does not have it.
        var source: Int
    }

    private let reader: CSVReader
    private let columns: [Column]
    /// How many values a row of the file has.
    private let width: Int
    private let dialect: CSVDialect
    private let hasEmptyNull: Bool
    private let longerNulls: [[UInt8]]
    private let invalidValues: FileSettings.InvalidValues
    /// How many values were changed so far.
    private(set) var changes = 0

    /// - Parameters:
    ///   - header: the columns of the file.
    ///   - fields: those of the stream, in the order in which they are wanted.
    init(_ reader: CSVReader, header: [String], fields: [(name: String, type: LogicalType)], settings: FileSettings) {
        self.reader = reader
        width = header.count
        let places = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
        columns = fields.map { field in
            Column(name: field.name, writer: CSVValueWriter(type: field.type), source: places[field.name] ?? -1)
        }
        dialect = settings.dialect
        hasEmptyNull = dialect.nulls.contains([])
        longerNulls = dialect.nulls.filter { !$0.isEmpty }
        invalidValues = settings.invalidValues
    }

    /// Appends the tuple of the row at hand.
    /// - Throws: ``ConnectorError`` with the place of what cannot be taken; then nothing was appended.
    mutating func append(to output: TupleBuffer) throws(ConnectorError) {
        let count = reader.count
        if count > width {
            throw reader.error(
                "the row has \(count) values, and the file \(width) columns", at: reader.fields[width].start,
                hint: "look at the delimiter and the quotes")
        }
        if count < width, invalidValues != .null {
            throw reader.error(
                "the row has \(count) values, and the file \(width) columns", at: reader.fields[count - 1].end,
                hint: "look at the delimiter and the quotes, or set invalid_values: null")
        }
        let start = output.count
        output.reserve(2 + 4 * (columns.count + 1))
        let sendsChanges = invalidValues == .null
        output.append(UInt16(columns.count + (sendsChanges ? 1 : 0)))
        var notes: [JSON] = []
        let base = reader.base
        let isPlain = reader.isPlain
        for column in columns {
            guard column.source >= 0, column.source < count else {
                output.reserve(4)
                output.appendNull()
                if column.source >= 0 { notes.append(Self.note(column.name)) }
                continue
            }
            let field = reader.fields[column.source]
            let bytes = base + field.start
            let length = field.end - field.start
            if isNull(field, bytes, length, column.writer.type) {
                output.reserve(4)
                output.appendNull()
                continue
            }
            let outcome =
                field.isEscaped
                ? appendEscaped(field, column, to: output)
                : column.writer.append(bytes, length, isPlain: isPlain, to: output)
            if outcome == .written { continue }
            if invalidValues != .null {
                output.rewind(to: start)
                throw unfit(field, column)
            }
            output.reserve(4)
            output.appendNull()
            notes.append(Self.note(column.name))
        }
        guard sendsChanges else { return }
        guard !notes.isEmpty else {
            output.reserve(4)
            output.appendNull()
            return
        }
        changes += notes.count
        output.appendField(JSON.array(notes).bytes())
    }

    private func appendEscaped(_ field: CSVField, _ column: Column, to output: TupleBuffer) -> CSVValueWriter.Outcome {
        let bytes = reader.unescaped(field)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return .unfit }
            return column.writer.append(start, buffer.count, isPlain: false, to: output)
        }
    }

    /// An empty value in quotes is an empty string, and no number.
    @inline(__always)
    private func isNull(_ field: CSVField, _ bytes: UnsafePointer<UInt8>, _ length: Int, _ type: LogicalType) -> Bool {
        if length == 0 { return field.isQuoted ? type != .string : hasEmptyNull || type != .string }
        if longerNulls.isEmpty || field.isQuoted { return false }
        return longerNulls.contains { $0.count == length && $0.elementsEqual(UnsafeBufferPointer(start: bytes, count: length)) }
    }

    private static func note(_ field: String) -> JSON {
        ["field": .string(field), "change": "NULLED", "reason": "SOURCE_SERIALIZATION_ERROR"]
    }

    private func unfit(_ field: CSVField, _ column: Column) -> ConnectorError {
        let bytes = reader.unescaped(field)
        let text = String(decoding: bytes.prefix(60), as: UTF8.self) + (bytes.count > 60 ? "..." : "")
        let isText = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { TextCheck.isText($0, buffer.count) } ?? true
        }
        if bytes.contains(0) {
            return reader.error(
                "the value of '\(column.name)' holds the character zero, which PostgreSQL has not", at: field.start,
                hint: "set invalid_values: null to keep the row without the value")
        }
        if !isText {
            return reader.error(
                "the value of '\(column.name)' is not UTF-8", at: field.start,
                hint: "set encoding: latin-1, windows-1252 or utf-16 if the file is that, or invalid_values: null")
        }
        return reader.error(
            "the value of '\(column.name)' is no \(column.writer.type.rawValue): '\(text)'", at: field.start,
            hint: "set column_types: {\(column.name): string}, a word of null_values, or invalid_values: null")
    }
}
