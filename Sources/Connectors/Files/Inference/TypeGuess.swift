import Records

/// Finds the narrowest type that all values of a column have.
struct TypeGuess {
    private var isInteger = true
    private var isNumber = true
    private var isBoolean = true
    private var isDate = true
    private var isTime = true
    private var isTimestamp = true
    private var isZoned = true
    private(set) var hasValues = false
    private(set) var hasNulls = false

    mutating func takeNull() { hasNulls = true }

    /// Takes the text of a value.
    mutating func take(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        hasValues = true
        if isInteger { isInteger = Self.isWhole(bytes, count) }
        if isNumber { isNumber = isInteger || Self.isNumber(bytes, count) }
        if isBoolean { isBoolean = Self.isBoolean(bytes, count) }
        guard isDate || isTime || isTimestamp || isZoned else { return }
        let clock = ClockText.parse(bytes, count)
        isDate = isDate && clock?.days != nil && clock?.microseconds == nil
        let isClock = clock?.days == nil && clock?.microseconds != nil && count >= 8 && clock?.offset == nil
        isTime = isTime && isClock
        let isMoment = clock?.days != nil && clock?.microseconds != nil
        isTimestamp = isTimestamp && isMoment && clock?.offset == nil
        isZoned = isZoned && isMoment && clock?.offset != nil
    }

    /// A column without values is one of strings.
    var type: LogicalType {
        guard hasValues else { return .string }
        if isBoolean { return .boolean }
        if isInteger { return .integer }
        if isNumber { return .number }
        if isDate { return .date }
        if isTimestamp { return .timestampWithoutTimeZone }
        if isZoned { return .timestampWithTimeZone }
        return isTime ? .timeWithoutTimeZone : .string
    }

    /// What would not be the same when it is written again is none: `007`, `+1`.
    private static func isWhole(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let first = count > 0 && bytes[0] == UInt8(ascii: "-") ? 1 : 0
        guard count > first, bytes[0] != UInt8(ascii: "+") else { return false }
        if bytes[first] == UInt8(ascii: "0"), count > 1 { return false }
        return NumberText.integer(bytes, count) != nil
    }

    private static func isNumber(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let first = count > 0 && bytes[0] == UInt8(ascii: "-") ? 1 : 0
        guard count > first, count < 1000, bytes[first] &- UInt8(ascii: "0") <= 9 else { return false }
        // Codes with leading zeros stay what they are.
        if bytes[first] == UInt8(ascii: "0"), count > first + 1, bytes[first + 1] &- UInt8(ascii: "0") <= 9 { return false }
        return NumericBinary.bytes(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)) != nil
    }

    private static func isBoolean(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count == 4 || count == 5 else { return false }
        let word = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self).lowercased()
        return word == "true" || word == "false"
    }
}
