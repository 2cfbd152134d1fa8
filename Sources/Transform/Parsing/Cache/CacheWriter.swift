import Documents

/// Writes values in Leat's own compact form: numbers in as few bytes as they need, every text and mapping once.
struct CacheWriter {
    private(set) var body: [UInt8] = []
    private var strings: [String: Int] = [:]
    private var stringBytes: [UInt8] = []
    private var members: [[UInt8]: Int] = [:]
    private var memberBytes: [UInt8] = []
    private var emptyIndex: Int?
    /// What was written already, by the place where it lies; kept, so that no other comes to lie there.
    private var places: [UnsafeRawPointer: (index: Int, members: JSON.Members)] = [:]

    /// - Parameter nodes: how many there will be, about.
    init(nodes: Int) {
        body.reserveCapacity(nodes * 512)
        strings.reserveCapacity(nodes * 6)
    }

    /// The tables and what was written, to be read from beginning to end.
    consuming func finish() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(stringBytes.count + memberBytes.count + body.count + 64)
        Self.append(strings.count, to: &result)
        result += stringBytes
        Self.append(members.count, to: &result)
        result += memberBytes
        result += body
        return result
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: Int64(number))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func index(of text: String) -> Int {
        if let known = strings[text] { return known }
        let index = strings.count
        strings[text] = index
        Self.append(text.utf8.count, to: &stringBytes)
        stringBytes.append(contentsOf: text.utf8)
        return index
    }

    // MARK: Values

    mutating func write(_ number: Int) { Self.append(number, to: &body) }
    mutating func write(_ flag: Bool) { body.append(flag ? 1 : 0) }
    mutating func write(_ text: String) { Self.append(index(of: text), to: &body) }
    mutating func write(_ number: Double) {
        let bits = number.bitPattern
        for shift in stride(from: 0, to: 64, by: 8) { body.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    }

    mutating func write(_ text: String?) { Self.append(text.map { index(of: $0) + 1 } ?? 0, to: &body) }
    mutating func write(_ number: Int?) {
        write(number != nil)
        if let number { write(number) }
    }

    mutating func write(_ flag: Bool?) { body.append(flag.map { $0 ? 2 : 1 } ?? 0) }

    mutating func write(_ texts: [String]) {
        write(texts.count)
        for text in texts { write(text) }
    }

    mutating func write(_ values: JSON.Members) {
        guard let place = values.isEmpty ? nil : values.storage else { return write(index(of: values)) }
        if let known = places[place], known.members.count == values.count { return write(known.index) }
        let index = index(of: values)
        places[place] = (index, values)
        write(index)
    }

    private mutating func index(of values: JSON.Members) -> Int {
        if values.isEmpty, let emptyIndex { return emptyIndex }
        var bytes: [UInt8] = []
        encode(.object(values), to: &bytes)
        if let known = members[bytes] { return known }
        let index = members.count
        members[bytes] = index
        memberBytes += bytes
        if values.isEmpty { emptyIndex = index }
        return index
    }

    mutating func write(_ value: JSON) {
        var bytes: [UInt8] = []
        swap(&bytes, &body)
        encode(value, to: &bytes)
        swap(&bytes, &body)
    }

    mutating func write<Element>(_ items: [Element], _ body: (inout CacheWriter, Element) -> Void) {
        write(items.count)
        for item in items { body(&self, item) }
    }

    private mutating func encode(_ value: JSON, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(0)
        case .bool(let flag): bytes.append(flag ? 2 : 1)
        case .int(let number):
            bytes.append(3)
            Self.append(number, to: &bytes)
        case .double(let number):
            bytes.append(4)
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(shift)))
            }
        case .string(let text):
            bytes.append(5)
            Self.append(index(of: text), to: &bytes)
        case .array(let items):
            bytes.append(6)
            Self.append(items.count, to: &bytes)
            for item in items { encode(item, to: &bytes) }
        case .object(let members):
            bytes.append(7)
            Self.append(members.count, to: &bytes)
            for entry in members.entries {
                Self.append(index(of: entry.key), to: &bytes)
                encode(entry.value, to: &bytes)
            }
        }
    }
}
