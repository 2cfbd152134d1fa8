/// Walks a stream of COPY BINARY and adds the meta columns to the end of every tuple, without looking into any value.
///
/// Pieces may be of any size and end anywhere, also inside a tuple; the servers of today send one tuple per piece.
/// Source of the format: PostgreSQL documentation, COPY, "Binary Format".
struct CopyStamper {
    /// Larger messages gain nothing, smaller ones cost the server time.
    static let flushSize = 64 << 10

    /// The rows stamped so far.
    private(set) var rows = 0

    private let fieldCount: Int16
    /// Whether the last field of each tuple holds its changes, and where it begins in the tuple at hand.
    private let hasChanges: Bool
    private var changesStart = 0
    /// What `_airbyte_meta` holds, up to the list of changes.
    private let metaPrefix: [UInt8]
    private let generation: Int
    private var ids = RawIDGenerator()
    /// The bytes of the fields, in which only the id changes from row to row.
    private var stamp: [UInt8]
    private var output: [UInt8] = []
    /// The begin of a tuple whose rest has not come yet.
    private var carry: [UInt8] = []
    private var hasHeader = false
    private var hasTrailer = false

    private static let signature: [UInt8] = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00]

    /// - Parameters:
    ///   - columns: the number of fields that each tuple must have.
    ///   - extractedAt: microseconds since 1970.
    ///   - hasChanges: each tuple has one more field, the changes of `_airbyte_meta` as JSON, or null. Then all meta columns are
    ///     added, otherwise those that vary.
    init(columns: Int, extractedAt: Int, syncID: Int, generation: Int, hasChanges: Bool = false) {
        fieldCount = Int16(columns + (hasChanges ? 1 : 0))
        self.hasChanges = hasChanges
        self.generation = generation
        metaPrefix = Array("{\"sync_id\":\(syncID),\"changes\":".utf8)
        stamp = []
        Self.append(UInt32(RawIDGenerator.length), to: &stamp)
        stamp.append(contentsOf: repeatElement(0, count: RawIDGenerator.length))
        Self.append(UInt32(8), to: &stamp)
        // Postgres counts from 2000.
        Self.append(UInt64(bitPattern: Int64(extractedAt - 946_684_800_000_000)), to: &stamp)
        if hasChanges { Self.appendMeta(metaPrefix, Array("[]".utf8)[...], generation, to: &stamp) }
        output.reserveCapacity(2 * Self.flushSize)
    }

    private static func appendMeta(
        _ prefix: [UInt8], _ changes: some Collection<UInt8>, _ generation: Int, to bytes: inout [UInt8]
    ) {
        append(UInt32(prefix.count + changes.count + 2), to: &bytes)
        bytes.append(1)  // the version of jsonb's binary form
        bytes.append(contentsOf: prefix)
        bytes.append(contentsOf: changes)
        bytes.append(UInt8(ascii: "}"))
        append(UInt32(8), to: &bytes)
        append(UInt64(bitPattern: Int64(generation)), to: &bytes)
    }

    /// Takes a piece; calls `write` when enough has gathered.
    mutating func append(_ bytes: UnsafeRawBufferPointer, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        if carry.isEmpty {
            let used = try process(bytes, write: write)
            if used < bytes.count { carry.append(contentsOf: bytes[used...]) }
        } else {
            carry.append(contentsOf: bytes)
            let pending = carry
            let used = try pending.withUnsafeBytes { try process($0, write: write) }
            carry.removeFirst(used)
        }
    }

    /// Writes what is left and the end of the data.
    /// - Throws: ``ConnectorError`` if the source's data does not end where it should.
    mutating func finish(write: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard hasTrailer, carry.isEmpty else { throw Self.broken("it ends in the middle") }
        output.append(contentsOf: [0xFF, 0xFF])
        try flush(write)
    }

    /// - Returns: how many bytes are done with; the rest is the begin of a tuple.
    private mutating func process(
        _ bytes: UnsafeRawBufferPointer, write: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        var offset = 0
        if !hasHeader {
            guard let length = try headerLength(bytes) else { return 0 }
            hasHeader = true
            offset = length
            output.append(contentsOf: Self.signature)
            output.append(contentsOf: repeatElement(0, count: 8))
        }
        while !hasTrailer {
            guard let end = try tupleEnd(bytes, from: offset) else { return offset }
            if !hasTrailer { try stampTuple(bytes, offset..<end, write: write) }
            offset = end
        }
        guard offset == bytes.count else { throw Self.broken("there is something after its end") }
        return offset
    }

    private func headerLength(_ bytes: UnsafeRawBufferPointer) throws -> Int? {
        guard bytes.count >= 19 else { return nil }
        guard bytes.prefix(11).elementsEqual(Self.signature) else { throw Self.broken("it does not begin as COPY BINARY") }
        // Bits 16 to 31 of the flags are those that a reader must know.
        guard Self.load(bytes, 11, as: UInt32.self) >> 16 == 0 else { throw Self.broken("it has unknown flags") }
        let length = 19 + Int(Self.load(bytes, 15, as: UInt32.self))
        return bytes.count >= length ? length : nil
    }

    /// Where the tuple at `start` ends; nil if not all of it is there.
    private mutating func tupleEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) throws -> Int? {
        guard start + 2 <= bytes.count else { return nil }
        let count = Self.load(bytes, start, as: Int16.self)
        if count == -1 {
            hasTrailer = true
            return start + 2
        }
        guard count == fieldCount else { throw Self.broken("a row has \(count) fields instead of \(fieldCount)") }
        var offset = start + 2
        for _ in 0..<count {
            guard offset + 4 <= bytes.count else { return nil }
            changesStart = offset
            let length = Int(Self.load(bytes, offset, as: Int32.self))
            guard length >= -1 else { throw Self.broken("a field has the length \(length)") }
            offset += 4 + max(0, length)
        }
        return offset <= bytes.count ? offset : nil
    }

    private mutating func stampTuple(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        Self.append(UInt16(bitPattern: fieldCount + Int16(hasChanges ? 3 : 2)), to: &output)
        let end = hasChanges ? changesStart : range.upperBound
        let fields = UnsafeRawBufferPointer(rebasing: bytes[(range.lowerBound + 2)..<end])
        if fields.count >= Self.flushSize {
            // A huge row is not copied once more.
            try flush(write)
            try write(fields)
        } else {
            output.append(contentsOf: fields)
        }
        stamp.withUnsafeMutableBytes { ids.write(to: UnsafeMutableRawBufferPointer(rebasing: $0[4...])) }
        if hasChanges, end + 4 < range.upperBound {
            // All of the stamp up to the meta column, which this row has for itself.
            output.append(contentsOf: stamp[..<(4 + RawIDGenerator.length + 12)])
            Self.appendMeta(metaPrefix, bytes[(end + 4)..<range.upperBound], generation, to: &output)
        } else {
            output.append(contentsOf: stamp)
        }
        rows += 1
        if output.count >= Self.flushSize { try flush(write) }
    }

    private mutating func flush(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        try output.withUnsafeBytes { try write($0) }
        output.removeAll(keepingCapacity: true)
    }

    private static func broken(_ what: String) -> ConnectorError {
        ConnectorError(.integrity, "the source's COPY data is broken: \(what)", failureType: .system)
    }

    @inline(__always)
    private static func load<T: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ offset: Int, as type: T.Type
    ) -> T {
        T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }

    @inline(__always)
    private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
