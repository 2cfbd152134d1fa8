/// Narrows down the type of a column, value by value: the first type that fits all values wins.
struct SeedTypeInference {
    private var candidates: [SeedColumnType]
    private var hasFraction = false

    /// - Parameter isForcedText: the project gives the column's type, so its values need not be looked at.
    init(isForcedText: Bool) {
        candidates = isForcedText ? [.text] : [.number, .date, .dateTime, .boolean, .text]
    }

    /// The type of all values so far. A column without any value is a number to agate, and so an integer to dbt.
    var type: SeedColumnType {
        switch candidates.first ?? .text {
        case .number: hasFraction ? .number : .integer
        case let other: other
        }
    }

    mutating func look(at bytes: ArraySlice<UInt8>) {
        guard candidates.count > 1 else { return }
        let value = Self.trimmed(bytes)
        if Self.isNull(value) { return }
        candidates = candidates.filter { Self.fits($0, value) }
        if candidates.first == .number, Self.hasFraction(value) { hasFraction = true }
    }

    private static func fits(_ type: SeedColumnType, _ value: ArraySlice<UInt8>) -> Bool {
        switch type {
        case .integer, .number: SeedNumber.normalized(value) != nil
        case .date: isDate(value)
        case .dateTime: isDateTime(value)
        case .boolean: isWord(value, "true") || isWord(value, "false")
        case .text: true
        }
    }

    /// The empty value and the word null.
    static func isNull(_ value: ArraySlice<UInt8>) -> Bool { value.isEmpty || isWord(value, "null") }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = bytes
        while let first = slice.first, first <= 0x20 { slice.removeFirst() }
        while let last = slice.last, last <= 0x20 { slice.removeLast() }
        return slice
    }

    private static func isWord(_ value: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
        value.count == word.utf8CodeUnitCount
            && word.withUTF8Buffer { buffer in zip(value, buffer).allSatisfy { ($0 | 0x20) == $1 } }
    }

    /// Whether the number has digits after its point: `MaxPrecision` of agate.
    private static func hasFraction(_ value: ArraySlice<UInt8>) -> Bool {
        guard let text = SeedNumber.normalized(value), let number = Double(text) else { return false }
        return number != number.rounded() || text.contains("e-") || text.contains("E-")
    }

    private static func isDate(_ value: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(value)
        guard bytes.count >= 8, bytes.count <= 10 else { return false }
        return DateTime(String(decoding: bytes, as: UTF8.self), format: "%Y-%m-%d").map { isRealDay($0, bytes) } ?? false
    }

    /// February 30 is no day.
    private static func isRealDay(_ date: DateTime, _ bytes: [UInt8]) -> Bool {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "-").compactMap { Int($0) }
        return parts.count == 3 && date.civil == (parts[0], parts[1], parts[2])
    }

    private static func isDateTime(_ value: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(value)
        guard bytes.count >= 15, bytes.contains(where: { $0 == UInt8(ascii: ":") }) || bytes.contains(UInt8(ascii: "T")) else {
            return false
        }
        guard bytes.prefix(4).allSatisfy({ $0 &- 48 < 10 }) else { return false }
        return DateTime(parsing: String(decoding: bytes, as: UTF8.self)) != nil
    }
}
