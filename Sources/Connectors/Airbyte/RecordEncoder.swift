import Documents
import Records

/// Makes tuples of COPY BINARY of Airbyte's records.
///
/// A value that does not fit the type of its column becomes null and is noted; the row is kept. The last field of each tuple
/// holds these notes, as `_airbyte_meta.changes` has them, or null; whoever takes no changes does without.
struct RecordEncoder {
    /// Why a value is not what the source sent.
    enum Change: String {
        case nulled = "NULLED"
        case truncated = "TRUNCATED"
    }

    private let fields: [Field]
    /// Columns that want the text of a value as it stands.
    private let wantsText: [Bool]
    private let places: [String: Int]
    private var values: [Range<Int>?]
    /// How many values were changed so far.
    private(set) var changes = 0
    /// The last value that was, and where it is in its line.
    private(set) var lastChange: (field: Field, value: Range<Int>)?

    private let sendsChanges: Bool

    init(columns: [ColumnMapping], sendsChanges: Bool = true) {
        self.sendsChanges = sendsChanges
        fields = columns.map(\.field)
        wantsText = columns.map { $0.cast == "text" }
        places = Dictionary(fields.enumerated().map { ($1.column, $0) }) { first, _ in first }
        values = Array(repeating: nil, count: fields.count)
    }

    /// The beginning of the data, before the first tuple.
    static let header: [UInt8] =
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00] + Array(repeating: 0, count: 8)
    /// The end of the data.
    static let trailer: [UInt8] = [0xFF, 0xFF]

    /// Appends the tuple of a record.
    /// - Parameters:
    ///   - data: where in `line` the record's data is.
    ///   - known: changes that the source itself has noted, as JSON objects.
    ///   - isText: whether the line is known to be UTF-8.
    /// - Returns: false if `data` is no object.
    mutating func append(
        _ line: JSONScanner, data: Range<Int>, known: [JSON], isText: Bool = true, to output: inout [UInt8]
    ) -> Bool {
        let start = output.count
        Self.append(UInt16(fields.count + (sendsChanges ? 1 : 0)), to: &output)
        guard let notes = appendFields(line, data: data, known: known, isText: isText, to: &output) else {
            output.removeSubrange(start...)
            return false
        }
        guard sendsChanges else { return true }
        guard !notes.isEmpty else {
            Self.append(UInt32.max, to: &output)
            return true
        }
        let text = JSON.array(notes).bytes()
        Self.append(UInt32(text.count), to: &output)
        output.append(contentsOf: text)
        return true
    }

    /// Appends the fields of a record, without their number before them.
    /// - Returns: what was changed in it; nil, with nothing appended, if `data` is no object.
    mutating func appendFields(
        _ line: JSONScanner, data: Range<Int>, known: [JSON], isText: Bool = true, to output: inout [UInt8]
    ) -> [JSON]? {
        guard let members = line.members(of: data) else { return nil }
        for index in values.indices { values[index] = nil }
        for member in members {
            if let place = places[member.key] { values[place] = member.value }
        }
        var notes = known
        for (index, field) in fields.enumerated() {
            guard let range = values[index] else {
                Self.append(UInt32.max, to: &output)
                continue
            }
            var change: Change?
            let encoder = ValueEncoder(line: line, range: range)
            let isBroken = !isText && !line.isText(range)
            if isBroken {
                change = .nulled
                Self.append(UInt32.max, to: &output)
            } else if let bytes = wantsText[index] ? encoder.rawText : encoder.bytes(as: field.type, &change) {
                Self.append(UInt32(bytes.count), to: &output)
                output.append(contentsOf: bytes)
            } else {
                Self.append(UInt32.max, to: &output)
            }
            guard let change else { continue }
            changes += 1
            lastChange = (field, range)
            notes.append([
                "field": .string(field.name), "change": .string(change.rawValue),
                "reason": "DESTINATION_SERIALIZATION_ERROR",
            ])
        }
        return notes
    }

    static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
