import Documents

/// Reads what ``CacheWriter`` wrote. Bytes that make no sense are an error, never a crash.
struct CacheReader {
    /// The bytes are not of this format.
    struct Corruption: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var stringTable: [String] = []
    private var memberTable: [JSON.Members] = []

    /// - Parameter bytes: must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer) throws(Corruption) {
        self.bytes = bytes
        let count = try length()
        stringTable.reserveCapacity(count)
        for _ in 0..<count {
            let length = try length()
            stringTable.append(
                String(decoding: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)]), as: UTF8.self))
            offset += length
        }
        let tables = try length()
        memberTable.reserveCapacity(tables)
        for _ in 0..<tables {
            guard case .object(let values) = try json() else { throw Corruption() }
            memberTable.append(values)
        }
    }

    private mutating func byte() throws(Corruption) -> UInt8 {
        guard offset < bytes.count else { throw Corruption() }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func int() throws(Corruption) -> Int {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            result |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return Int(Int64(bitPattern: result)) }
            shift += 7
            guard shift < 64 else { throw Corruption() }
        }
    }

    /// A number of things that all need a byte at least.
    private mutating func length() throws(Corruption) -> Int {
        let count = try int()
        guard count >= 0, count <= bytes.count - offset else { throw Corruption() }
        return count
    }

    mutating func bool() throws(Corruption) -> Bool { try byte() == 1 }

    mutating func string() throws(Corruption) -> String {
        let index = try int()
        guard stringTable.indices.contains(index) else { throw Corruption() }
        return stringTable[index]
    }

    mutating func double() throws(Corruption) -> Double {
        var bits: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 8) { bits |= UInt64(try byte()) << UInt64(shift) }
        return Double(bitPattern: bits)
    }

    mutating func optionalString() throws(Corruption) -> String? {
        let index = try int()
        if index == 0 { return nil }
        guard stringTable.indices.contains(index - 1) else { throw Corruption() }
        return stringTable[index - 1]
    }

    mutating func optionalInt() throws(Corruption) -> Int? { try bool() ? try int() : nil }

    mutating func optionalBool() throws(Corruption) -> Bool? {
        let value = try byte()
        return value == 0 ? nil : value == 2
    }

    mutating func array<Element>(
        _ element: (inout CacheReader) throws(Corruption) -> Element
    ) throws(Corruption) -> [Element] {
        let count = try length()
        if count == 0 { return [] }
        var items: [Element] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try element(&self)) }
        return items
    }

    mutating func strings() throws(Corruption) -> [String] {
        try array { (reader: inout CacheReader) throws(Corruption) in try reader.string() }
    }

    mutating func members() throws(Corruption) -> JSON.Members {
        let index = try int()
        guard memberTable.indices.contains(index) else { throw Corruption() }
        return memberTable[index]
    }

    mutating func json(depth: Int = 0) throws(Corruption) -> JSON {
        guard depth < 256 else { throw Corruption() }
        switch try byte() {
        case 0: return .null
        case 1: return .bool(false)
        case 2: return .bool(true)
        case 3: return .int(try int())
        case 4: return .double(try double())
        case 5: return .string(try string())
        case 6:
            return .array(try array { (reader: inout CacheReader) throws(Corruption) in try reader.json(depth: depth + 1) })
        case 7:
            let count = try length()
            var values = JSON.Members()
            for _ in 0..<count {
                let key = try string()
                values.append(key, try json(depth: depth + 1))
            }
            return .object(values)
        default: throw Corruption()
        }
    }
}
