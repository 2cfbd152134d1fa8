/// Writes one value of a seed for PostgreSQL, in the form that does not depend on the session's settings.
enum SeedCell {
    private static let trueText = Array("true".utf8)
    private static let falseText = Array("false".utf8)

    /// Appends the value in the text format of COPY.
    @inline(__always)
    static func copy(_ value: Span<UInt8>, _ kind: SeedColumn.Kind, to buffer: inout CopyBuffer) {
        if SeedText.isNull(value) { return buffer.appendNull() }
        if kind == .text { return buffer.appendEscaped(value) }
        if isCanonical(value, kind) { return buffer.append(value) }
        if kind == .boolean, let flag = SeedBoolean.plainValue(value) {
            return buffer.append(flag ? trueText.span : falseText.span)
        }
        var text: [UInt8] = []
        if append(value, kind, to: &text) { buffer.append(text.span) } else { buffer.appendNull() }
    }

    /// Appends the value as it is; false if it is null.
    static func append(_ value: Span<UInt8>, _ kind: SeedColumn.Kind, to text: inout [UInt8]) -> Bool {
        if SeedText.isNull(value) { return false }
        if kind == .text || isCanonical(value, kind) {
            value.withUnsafeBufferPointer { text.append(contentsOf: $0) }
            return true
        }
        switch kind {
        case .integer:
            SeedNumber(value)?.append(to: &text, asInteger: true)
        case .float:
            SeedNumber(value)?.append(to: &text, asInteger: false)
        case .date:
            SeedTimestamp(date: value)?.appendDate(to: &text)
        case .timestamp:
            SeedTimestamp(dateTime: value)?.append(to: &text)
        case .isoTimestamp:
            SeedTimestamp(iso8601: value)?.append(to: &text)
        case .boolean:
            guard let flag = SeedBoolean.value(value) else { return false }
            text.append(contentsOf: flag ? trueText : falseText)
        case .text:
            break
        }
        return true
    }

    /// Whether a value of the column can go as it is.
    @inline(__always)
    private static func isCanonical(_ value: Span<UInt8>, _ kind: SeedColumn.Kind) -> Bool {
        switch kind {
        case .integer: isPlain(value, allowsPoint: false)
        case .float: isPlain(value, allowsPoint: true)
        case .date: value.count == 10 && hasFullDate(value)
        case .timestamp: value.count == 19 && hasFullDate(value) && value[10] == 0x20 && hasFullTime(value)
        case .isoTimestamp: value.count == 19 && hasFullDate(value) && value[10] == UInt8(ascii: "T") && hasFullTime(value)
        case .text, .boolean: false
        }
    }

    /// Digits with at most a sign and a point, and not minus zero, which only float8 knows and dbt's numbers do not.
    @inline(__always)
    private static func isPlain(_ value: Span<UInt8>, allowsPoint: Bool) -> Bool {
        let count = value.count
        guard count > 0, count <= 28 else { return false }
        var index = 0
        var isZero = false
        if value[unchecked: 0] == UInt8(ascii: "-") {
            guard count > 1 else { return false }
            index = 1
            isZero = true
        }
        var hasPoint = !allowsPoint
        while index < count {
            let byte = value[unchecked: index]
            if byte &- 0x30 > 9 {
                guard byte == UInt8(ascii: "."), !hasPoint else { return false }
                hasPoint = true
            } else if byte != 0x30 {
                isZero = false
            }
            index &+= 1
        }
        return !isZero
    }

    /// Of a value that is known to be a date: whether month and day have two digits each and mean what they say.
    @inline(__always)
    private static func hasFullDate(_ value: Span<UInt8>) -> Bool {
        let dash = UInt8(ascii: "-")
        return value[0] > 0x20 && value[4] == dash && value[7] == dash && value[8] > 0x20 && value[9] > 0x20
            && !(value[5] == 0x30 && value[6] == 0x30)
    }

    @inline(__always)
    private static func hasFullTime(_ value: Span<UInt8>) -> Bool {
        let colon = UInt8(ascii: ":")
        return value[13] == colon && value[16] == colon && value[11] > 0x20 && value[18] > 0x20
    }
}
