/// Walks a stream of COPY BINARY, tuple by tuple; pieces may end anywhere.
struct TupleReader {
    private let width: Int
    private var carry: [UInt8] = []
    private var hasHeader = false
    private var hasTrailer = false
    /// Whether the end of the data has come.
    var hasEnded: Bool { hasTrailer }

    init(fields: Int) { width = fields }

    /// The fields of a tuple.
    struct Tuple {
        fileprivate var bytes: UnsafeRawBufferPointer
        fileprivate var places: [(start: Int, count: Int)]

        /// Nil for null.
        subscript(index: Int) -> UnsafeRawBufferPointer? {
            let place = places[index]
            return place.count < 0 ? nil : UnsafeRawBufferPointer(rebasing: bytes[place.start..<(place.start + place.count)])
        }
    }

    mutating func take(_ piece: UnsafeRawBufferPointer, _ body: (borrowing Tuple) throws -> Void) throws {
        if carry.isEmpty {
            let used = try walk(piece, body)
            if used < piece.count { carry += piece[used...] }
            return
        }
        carry += piece
        let pending = carry
        carry = []
        let used = try pending.withUnsafeBytes { try walk($0, body) }
        carry += pending[used...]
    }

    private mutating func walk(_ bytes: UnsafeRawBufferPointer, _ body: (borrowing Tuple) throws -> Void) throws -> Int {
        func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> Int {
            Int(T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type)))
        }
        var offset = 0
        if !hasHeader {
            guard bytes.count >= 19 else { return 0 }
            offset = 19 + load(15, UInt32.self)
            guard bytes.count >= offset else { return 0 }
            hasHeader = true
        }
        var tuple = Tuple(bytes: bytes, places: [])
        tuple.places.reserveCapacity(width)
        while !hasTrailer, offset + 2 <= bytes.count {
            let count = load(offset, Int16.self)
            if count == -1 {
                hasTrailer = true
                return offset + 2
            }
            guard count == width else { throw Self.broken("a row has \(count) fields instead of \(width)") }
            var place = offset + 2
            tuple.places.removeAll(keepingCapacity: true)
            for _ in 0..<count {
                guard place + 4 <= bytes.count else { return offset }
                let length = load(place, Int32.self)
                tuple.places.append((place + 4, length))
                place += 4 + max(0, length)
            }
            guard place <= bytes.count else { return offset }
            try body(tuple)
            offset = place
        }
        return offset
    }

    func finish() throws(ConnectorError) {
        guard hasTrailer, carry.isEmpty else { throw Self.broken("it ends in the middle") }
    }

    private static func broken(_ what: String) -> ConnectorError {
        ConnectorError(.integrity, "the source's COPY data is broken: \(what)", failureType: .system)
    }
}
