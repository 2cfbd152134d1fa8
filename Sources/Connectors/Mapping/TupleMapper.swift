import Documents
package import Records

/// Does to the tuples of a COPY BINARY stream what the source does not do itself: digests, encryption, and, where the source runs no
/// SQL, the row filter. All other values pass as they are.
///
/// The tuples that come out end with a field for changes, as those of external sources do: a value that cannot be encrypted becomes
/// null and is noted there.
package struct TupleMapper {
    private enum Change {
        case digest(HashMethod)
        case encrypt(ValueCipher)
    }

    private let names: [String]
    /// What is done to each column.
    private let changes: [Change?]
    private let filter: TupleFilter?
    /// Whether the tuples that come have the field for changes.
    private let hasChanges: Bool
    private var reader: TupleReader
    private var output = TupleBuffer()
    private var hasBegun = false
    /// The rows that were left out.
    package private(set) var filteredRows = 0
    /// The values that became null.
    package private(set) var changedValues = 0

    /// What is handed over at once.
    private static let pieceSize = 64 << 10

    /// Whether something is left to do on the way.
    /// - Parameter isExternal: whether the source runs no SQL of ours.
    package static func isNeeded(_ columns: [ColumnMapping], filter: RowFilter?, isExternal: Bool) -> Bool {
        isExternal && filter != nil || columns.contains { $0.field.isChangedOnTheWay(isExternal: isExternal) }
    }

    /// - Throws: ``ConnectorError`` where a key, a method or a comparison cannot be.
    /// - Parameter hasChanges: whether the tuples that come have a field for changes.
    package init(
        _ columns: [ColumnMapping], filter: RowFilter?, isExternal: Bool, hasChanges: Bool, stream: StreamDescriptor
    ) throws(ConnectorError) {
        names = columns.map(\.name)
        var changes: [Change?] = []
        for column in columns { changes.append(try Self.change(column.field, isExternal: isExternal)) }
        self.changes = changes
        self.filter =
            try isExternal
            ? filter.map { filter throws(ConnectorError) in
                try TupleFilter(filter, columns: columns, stream: stream)
            } : nil
        self.hasChanges = hasChanges
        reader = TupleReader(fields: columns.count + (hasChanges ? 1 : 0))
    }

    private static func change(_ field: Field, isExternal: Bool) throws(ConnectorError) -> Change? {
        if let encryption = field.encryption { return .encrypt(try ValueCipher(encryption)) }
        guard let method = field.hash, field.isChangedOnTheWay(isExternal: isExternal) else { return nil }
        guard method.isKnownHere else {
            throw ConnectorError(
                .unsupported, "\(method.rawValue) of '\(field.column)' needs a source that is a database",
                hint: "use sha256, sha384 or sha512")
        }
        return .digest(method)
    }

    /// Takes a piece and hands over what comes of it.
    package mutating func append(
        _ piece: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        if !hasBegun {
            hasBegun = true
            try RecordEncoder.header.withUnsafeBytes(write)
        }
        // The reader may not be in use while the rest of this is changed.
        var reader = reader
        self.reader = TupleReader(fields: 0)
        defer { self.reader = reader }
        let hadEnded = reader.hasEnded
        try reader.take(piece) { tuple in
            if let filter, !filter.takes(tuple) {
                filteredRows += 1
                return
            }
            map(tuple)
            guard output.count >= Self.pieceSize else { return }
            try write(output.bytes)
            output.removeAll()
        }
        guard reader.hasEnded, !hadEnded else { return }
        output.reserve(2)
        output.append(Int16(-1))
        try write(output.bytes)
        output.removeAll()
    }

    /// Hands over what has not been yet.
    package mutating func flush(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard output.count > 0 else { return }
        try write(output.bytes)
        output.removeAll()
    }

    private mutating func map(_ tuple: borrowing TupleReader.Tuple) {
        output.reserve(2)
        output.append(Int16(names.count + 1))
        var notes: [JSON] = []
        for index in names.indices {
            guard let value = tuple[index] else {
                output.reserve(4)
                output.appendNull()
                continue
            }
            switch changes[index] {
            case nil: output.appendField(value)
            case .digest(let method): append(method.digest(value), of: index, &notes)
            case .encrypt(let cipher): append(cipher.encrypted(value), of: index, &notes)
            }
        }
        let known = hasChanges ? tuple[names.count] : nil
        if notes.isEmpty {
            if let known {
                output.appendField(known)
            } else {
                output.reserve(4)
                output.appendNull()
            }
            return
        }
        let all = (known.flatMap { try? JSON(parsing: Array($0)) }?.array ?? []) + notes
        output.appendField(JSON.array(all).bytes())
    }

    private mutating func append(_ value: [UInt8]?, of index: Int, _ notes: inout [JSON]) {
        if let value { return output.appendField(value) }
        output.reserve(4)
        output.appendNull()
        changedValues += 1
        notes.append(["field": .string(names[index]), "change": "NULLED", "reason": "PLATFORM_SERIALIZATION_ERROR"])
    }
}

extension Field {
    /// Whether its values are digested or encrypted here, and not by the source.
    fileprivate func isChangedOnTheWay(isExternal: Bool) -> Bool {
        encryption != nil || hash.map { isExternal || !$0.isKnownToPostgres } == true
    }
}

extension TupleBuffer {
    fileprivate func appendField(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count + 4)
        append(Int32(bytes.count))
        if let start = bytes.bindMemory(to: UInt8.self).baseAddress { append(start, bytes.count) }
    }
}
