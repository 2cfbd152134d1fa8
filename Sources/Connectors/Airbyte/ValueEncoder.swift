import Foundation
import Records

/// Makes the binary form of a column's value of a JSON value.
struct ValueEncoder {
    let line: JSONScanner
    let range: Range<Int>

    private enum Kind { case null, string, bool, number, container }

    private var kind: Kind {
        switch line.bytes[range.lowerBound] {
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "{"), UInt8(ascii: "["): .container
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        default: .number
        }
    }

    /// - Parameter change: set where the value had to be changed; nil is returned where it became null.
    func bytes(as type: LogicalType, _ change: inout RecordEncoder.Change?) -> [UInt8]? {
        if kind == .null { return nil }
        if let bytes = type == .string ? string(&change) : bytes(as: type) { return bytes }
        change = .nulled
        return nil
    }

    /// A string's text, or that of any other value but null.
    var rawText: [UInt8]? {
        kind == .null ? nil : kind == .container ? Array(line.bytes[range]) : scalar.map { Array($0.utf8) }
    }

    private func bytes(as type: LogicalType) -> [UInt8]? {
        switch type {
        case .string: return nil
        case .binaryData: return scalar.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
        case .boolean:
            switch scalar {
            case "true": return [1]
            case "false": return [0]
            default: return nil
            }
        case .integer:
            guard kind != .bool, let number = scalar.flatMap({ DecimalText($0)?.whole }) else { return nil }
            return big(number)
        case .number: return kind == .bool ? nil : scalar.flatMap(NumericBinary.bytes)
        case .object, .array: return document
        default: return kind == .string ? scalar.flatMap(TimeText.init).flatMap { time($0, as: type) } : nil
        }
    }

    /// A string's text, or the text of a number or word.
    private var scalar: String? { kind == .string ? line.string(range) : kind == .container ? nil : line.text(range) }

    /// Postgres has no character zero.
    private func string(_ change: inout RecordEncoder.Change?) -> [UInt8]? {
        guard let text = kind == .container ? line.text(range) : scalar else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.contains(0) else { return bytes }
        change = .truncated
        return bytes.filter { $0 != 0 }
    }

    private func time(_ text: TimeText, as type: LogicalType) -> [UInt8]? {
        switch type {
        case .date:
            guard let days = text.days, text.microseconds == nil else { return nil }
            return big(Int32(days))
        case .timestampWithTimeZone: return text.instant.map { big(Int64($0)) }
        case .timestampWithoutTimeZone:
            // A zone other than UTC would be lost.
            return text.offset ?? 0 == 0 ? text.instant.map { big(Int64($0)) } : nil
        case .timeWithoutTimeZone:
            guard text.days == nil, text.offset ?? 0 == 0 else { return nil }
            return text.microseconds.map { big(Int64($0)) }
        case .timeWithTimeZone:
            guard text.days == nil, let time = text.microseconds else { return nil }
            // Counted to the west.
            return big(Int64(time)) + big(Int32(-(text.offset ?? 0)))
        default: return nil
        }
    }

    /// The text as it stands, where `jsonb` takes it.
    private var document: [UInt8]? {
        JSONBText.isAccepted(line.bytes[range]) ? [1] + line.bytes[range] : nil
    }

    private func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
