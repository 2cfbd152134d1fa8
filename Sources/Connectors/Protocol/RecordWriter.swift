import Documents
import Records

/// Makes RECORD messages of COPY BINARY whose fields are texts.
struct RecordWriter {
    /// The columns to ask a source for.
    static func columns(_ fields: [Field]) -> [ColumnMapping] {
        // A text is what it is; casting it would only cost.
        fields.map { field in
            let isText = field.nativeType.map { $0.name == "text" || $0.name.hasPrefix("character varying") } ?? false
            return ColumnMapping(field: field, type: "text", cast: isText ? nil : "text")
        }
    }

    private let head: [UInt8]
    private let names: [[UInt8]]
    private let fields: [Field]
    private let texts: [ValueText]
    private let hasChanges: Bool
    /// The place of the cursor among the fields; nil without one.
    private let cursor: Int?
    private var reader: TupleReader
    /// Called with each record's line and the text of its cursor.
    private(set) var records = 0

    /// - Parameters:
    ///   - stream: as the messages name it.
    ///   - hasChanges: whether each tuple has one more field, the changes of the row.
    init(_ stream: StreamDescriptor, fields: [Field], cursorField: String?, hasChanges: Bool) {
        self.fields = fields
        self.hasChanges = hasChanges
        names = fields.enumerated().map { index, field in
            Array("\(index == 0 ? "" : ",")\(JSON.string(field.name).text()):".utf8)
        }
        texts = fields.map(ValueText.init)
        cursor = cursorField.flatMap { name in fields.firstIndex { $0.name == name } }
        reader = TupleReader(fields: fields.count + (hasChanges ? 1 : 0))
        var head = "{\"type\":\"RECORD\",\"record\":{\"stream\":\(JSON.string(stream.name).text()),"
        if let namespace = stream.namespace { head += "\"namespace\":\(JSON.string(namespace).text())," }
        self.head = Array((head + "\"emitted_at\":").utf8)
    }

    /// Takes a piece; calls `body` for each record in it, with its line and the text of the cursor.
    mutating func take(
        _ piece: UnsafeRawBufferPointer, _ body: (_ line: [UInt8], _ cursor: UnsafeRawBufferPointer?) throws -> Void
    ) throws {
        var line: [UInt8] = []
        let time = Array("\(AirbyteMessage.now()),\"data\":{".utf8)
        var count = 0
        try reader.take(piece) { tuple in
            line.removeAll(keepingCapacity: true)
            line += head
            line += time
            var notes: [JSON] = []
            for index in fields.indices {
                line += names[index]
                guard let text = tuple[index] else {
                    line += Array("null".utf8)
                    continue
                }
                if texts[index].append(text, to: &line) == .nulled {
                    notes.append([
                        "field": .string(fields[index].name), "change": "NULLED", "reason": "SOURCE_SERIALIZATION_ERROR",
                    ])
                }
            }
            line.append(UInt8(ascii: "}"))
            if hasChanges, let known = tuple[fields.count] {
                notes += (try? JSON(parsing: Array(known)))?.array ?? []
            }
            if !notes.isEmpty {
                line += Array(",\"meta\":{\"changes\":".utf8)
                JSON.array(notes).write(to: &line)
                line.append(UInt8(ascii: "}"))
            }
            line += Array("}}".utf8)
            count += 1
            try body(line, cursor.flatMap { tuple[$0] })
        }
        records += count
    }

    /// - Throws: ``ConnectorError`` if the data ended in the middle.
    func finish() throws(ConnectorError) { try reader.finish() }
}
