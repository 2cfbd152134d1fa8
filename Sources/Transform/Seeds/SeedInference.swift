/// Finds the type that all values of a column fit, in agate's order of preference with dbt's list of types: number, date,
/// timestamp, ISO timestamp, boolean, text. Nulls fit all.
struct SeedInference {
    private var candidates: Candidates
    private var wholePlaces = 1
    private var decimalPlaces = 0
    private(set) var hasOffsets = false

    private struct Candidates: OptionSet {
        let rawValue: UInt8
        static let number = Candidates(rawValue: 1)
        static let date = Candidates(rawValue: 2)
        static let timestamp = Candidates(rawValue: 4)
        static let isoTimestamp = Candidates(rawValue: 8)
        static let boolean = Candidates(rawValue: 16)
        static let all = Candidates(rawValue: 31)
    }

    /// - Parameter isText: whether the type is known already, so that there is nothing to find.
    init(isText: Bool) { candidates = isText ? [] : .all }

    /// Whether another value could make a difference.
    @inline(__always)
    var isOpen: Bool { !candidates.isEmpty }

    var kind: SeedColumn.Kind {
        if candidates.contains(.number) { return hasDecimals ? .float : .integer }
        if candidates.contains(.date) { return .date }
        if candidates.contains(.timestamp) { return .timestamp }
        if candidates.contains(.isoTimestamp) { return .isoTimestamp }
        return candidates.contains(.boolean) ? .boolean : .text
    }

    /// agate's `MaxPrecision` is not 0; it cuts the decimals where whole and decimal places exceed 28 together.
    private var hasDecimals: Bool {
        wholePlaces + decimalPlaces > 28 ? 28 - wholePlaces != 0 : decimalPlaces > 0
    }

    @inline(__always)
    mutating func observe(_ value: Span<UInt8>) {
        if candidates == .number, observePlainNumber(value) { return }
        if candidates == .boolean, SeedBoolean.plainValue(value) != nil { return }
        if SeedText.isNull(value) { return }
        observeSlowly(value)
    }

    /// Digits with at most a sign and a point.
    @inline(__always)
    private mutating func observePlainNumber(_ value: Span<UInt8>) -> Bool {
        let count = value.count
        var index = 0
        if count > 0, value[unchecked: 0] == UInt8(ascii: "-") { index = 1 }
        let start = index
        // 18 digits cannot reach the limit of 28 places on either side.
        guard count > start, count <= start + 18 else { return false }
        var point = -1
        var last = -1
        while index < count {
            let byte = value[unchecked: index]
            if byte &- 0x30 <= 9 {
                if byte != 0x30 { last = index }
            } else if byte == UInt8(ascii: "."), point < 0 {
                point = index
            } else {
                return false
            }
            index &+= 1
        }
        if point < 0 {
            if count - start > wholePlaces { wholePlaces = wholeDigits(value, start, count) }
        } else {
            guard count > start + 1 else { return false }
            if last > point { decimalPlaces = max(decimalPlaces, last - point) }
            if point - start > wholePlaces { wholePlaces = wholeDigits(value, start, point) }
        }
        return true
    }

    private func wholeDigits(_ value: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var start = start
        while start < end, value[start] == 0x30 { start += 1 }
        return max(wholePlaces, end - start)
    }

    private mutating func observeSlowly(_ value: Span<UInt8>) {
        if candidates.contains(.number) {
            if let number = SeedNumber(value) {
                if let places = number.places {
                    wholePlaces = max(wholePlaces, places.whole)
                    decimalPlaces = max(decimalPlaces, places.decimal)
                }
            } else {
                candidates.remove(.number)
            }
        }
        if candidates.contains(.date), SeedTimestamp(date: value) == nil { candidates.remove(.date) }
        if candidates.contains(.timestamp), SeedTimestamp(dateTime: value) == nil { candidates.remove(.timestamp) }
        if candidates.contains(.isoTimestamp) {
            if let timestamp = SeedTimestamp(iso8601: value) {
                if timestamp.offset != nil { hasOffsets = true }
            } else {
                candidates.remove(.isoTimestamp)
            }
        }
        if candidates.contains(.boolean), !SeedBoolean.isBoolean(value) { candidates.remove(.boolean) }
    }
}
