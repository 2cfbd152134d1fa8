import Records

/// A row filter for the tuples of sources that run no SQL, with the meaning that it has in SQL.
struct TupleFilter {
    private indirect enum Node {
        case compare(place: Int, LogicalType, RowFilter.Comparison, value: [UInt8])
        case isNull(place: Int)
        case not(Node)
        case all([Node])
        case any([Node])
    }
    private let root: Node

    /// - Throws: ``ConnectorError`` for a value that is none of its column's type, and a column that does not come as it is.
    init(_ filter: RowFilter, columns: [ColumnMapping], stream: StreamDescriptor) throws(ConnectorError) {
        root = try Self.node(filter, columns, stream)
    }

    private static func node(
        _ filter: RowFilter, _ columns: [ColumnMapping], _ stream: StreamDescriptor
    ) throws(ConnectorError) -> Node {
        func place(_ name: String) throws(ConnectorError) -> Int {
            guard let place = columns.firstIndex(where: { $0.field.column == name }) else {
                throw ConnectorError(
                    .configuration, "the filtered field '\(name)' of '\(stream)' is not among its selected_fields",
                    hint: "this source does not filter by itself, so that the field has to come along")
            }
            return place
        }
        func nodes(_ filters: [RowFilter]) throws(ConnectorError) -> [Node] {
            var nodes: [Node] = []
            for filter in filters { nodes.append(try node(filter, columns, stream)) }
            return nodes
        }
        switch filter {
        case .isNull(let name): return .isNull(place: try place(name))
        case .not(let filter): return .not(try node(filter, columns, stream))
        case .all(let filters): return .all(try nodes(filters))
        case .any(let filters): return .any(try nodes(filters))
        case .compare(let name, let comparison, let value):
            let place = try place(name)
            let column = columns[place]
            let type = column.cast == "text" ? LogicalType.string : column.field.type
            let buffer = TupleBuffer(capacity: 64)
            let text = Array(value.utf8)
            let outcome = text.withUnsafeBufferPointer { bytes in
                bytes.baseAddress.map { CSVValueWriter(type: type).append($0, bytes.count, isPlain: false, to: buffer) }
            }
            // An empty text is a value of texts only.
            guard outcome == .written || text.isEmpty && type == .string else {
                throw ConnectorError(
                    .configuration,
                    "the filter of '\(name)' of '\(stream)' compares with '\(value)', which is no \(type.rawValue)")
            }
            return .compare(place: place, type, comparison, value: Array(buffer.bytes.dropFirst(4)))
        }
    }

    /// Whether the row is wanted.
    func takes(_ tuple: borrowing TupleReader.Tuple) -> Bool { Self.fits(root, tuple) }

    private static func fits(_ node: Node, _ tuple: borrowing TupleReader.Tuple) -> Bool {
        switch node {
        case .isNull(let place): return tuple[place] == nil
        case .not(let node): return !fits(node, tuple)
        case .all(let nodes):
            for node in nodes where !fits(node, tuple) { return false }
            return true
        case .any(let nodes):
            for node in nodes where fits(node, tuple) { return true }
            return false
        case .compare(let place, let type, let comparison, let value):
            guard let bytes = tuple[place] else { return comparison == .notEquals }
            let order = value.withUnsafeBytes { TupleOrder.compare(bytes, $0, type) }
            return switch comparison {
            case .equals: order == 0
            case .notEquals: order != 0
            case .lessThan: order < 0
            case .lessOrEqual: order <= 0
            case .greaterThan: order > 0
            case .greaterOrEqual: order >= 0
            }
        }
    }
}

/// The order of values in PostgreSQL's binary form.
enum TupleOrder {
    /// - Returns: less than, equal to or greater than 0, as the left value is to the right one.
    static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, _ type: LogicalType) -> Int {
        switch type {
        case .integer, .timestampWithTimeZone, .timestampWithoutTimeZone, .timeWithoutTimeZone, .date:
            order(number(left), number(right))
        case .timeWithTimeZone: order(instant(left), instant(right))
        case .number: numeric(left, right)
        case .string, .binaryData, .boolean, .object, .array: bytes(left, right)
        }
    }

    private static func order(_ left: Int, _ right: Int) -> Int { left < right ? -1 : left > right ? 1 : 0 }

    private static func bytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        for (one, other) in zip(left, right) where one != other { return one < other ? -1 : 1 }
        return order(left.count, right.count)
    }

    /// Of two's complement.
    private static func number(_ bytes: UnsafeRawBufferPointer) -> Int {
        let first = bytes.first.map { Int(Int8(bitPattern: $0)) } ?? 0
        return bytes.dropFirst().reduce(first) { $0 << 8 | Int($1) }
    }

    /// Microseconds since midnight in Greenwich.
    private static func instant(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count == 12 else { return 0 }
        return number(UnsafeRawBufferPointer(rebasing: bytes[..<8]))
            + number(UnsafeRawBufferPointer(rebasing: bytes[8...])) * 1_000_000
    }

    /// As `numeric_cmp`: NaN is the greatest.
    private static func numeric(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        guard let left = Numeric(left), let right = Numeric(right) else { return bytes(left, right) }
        if left.rank != right.rank { return order(left.rank, right.rank) }
        guard left.isFinite else { return 0 }
        let size = left.weight != right.weight ? order(left.weight, right.weight) : order(left.digits, right.digits)
        return left.rank < 0 ? -size : size
    }

    private static func order(_ left: [Int], _ right: [Int]) -> Int {
        for (one, other) in zip(left, right) where one != other { return one < other ? -1 : 1 }
        return order(left.count, right.count)
    }

    private struct Numeric {
        /// From -infinity over the negative, 0 and the positive to infinity and NaN.
        var rank: Int
        var weight: Int
        /// To the base of 10,000, without zeros at the end.
        var digits: [Int]
        var isFinite: Bool { abs(rank) == 1 }

        init?(_ bytes: UnsafeRawBufferPointer) {
            guard bytes.count >= 8 else { return nil }
            func word(_ offset: Int) -> UInt16 { UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }
            let count = Int(word(0))
            guard bytes.count == 8 + 2 * count else { return nil }
            weight = Int(Int16(bitPattern: word(2)))
            digits = (0..<count).map { Int(word(8 + 2 * $0)) }
            while digits.last == 0 { digits.removeLast() }
            switch word(4) {
            case 0xC000: rank = 3
            case 0xD000: rank = 2
            case 0xF000: rank = -2
            case let sign: rank = digits.isEmpty ? 0 : sign == 0x4000 ? -1 : 1
            }
        }
    }
}
