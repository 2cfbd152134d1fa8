import Documents
import Foundation
import Records

/// Writes the JSON of a value from its text, by Airbyte's well-known types.
struct ValueText {
    enum Outcome {
        case written
        /// JSON has no such value; null was written.
        case nulled
    }

    private enum Kind {
        case string, base64, boolean, number, date, timestamp, zonedTimestamp, time, zonedTime, document
        case list(ArrayText.Element)
    }
    private let kind: Kind

    init(_ field: Field) {
        kind =
            switch field.type {
            case .string: .string
            case .binaryData: .base64
            case .boolean: .boolean
            case .integer, .number: .number
            case .date: .date
            case .timestampWithoutTimeZone: .timestamp
            case .timestampWithTimeZone: .zonedTimestamp
            case .timeWithoutTimeZone: .time
            case .timeWithTimeZone: .zonedTime
            case .object: .document
            // Sources without types of their own have documents there.
            case .array: field.nativeType.map { .list(ArrayText.Element(of: $0.name)) } ?? .document
            }
    }

    func append(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Outcome {
        switch kind {
        case .string: Self.appendString(text, to: &output)
        case .boolean:
            let isTrue = text.first.map { $0 | 0x20 == UInt8(ascii: "t") || $0 == UInt8(ascii: "1") } ?? false
            output.append(contentsOf: isTrue ? Array("true".utf8) : Array("false".utf8))
        case .number:
            guard Self.isNumber(text) else { return null(&output) }
            output.append(contentsOf: text)
        case .date:
            guard text.first.map({ $0 &- UInt8(ascii: "0") <= 9 }) == true else { return null(&output) }
            Self.appendString(text, to: &output)
        case .time: Self.appendString(text, to: &output)
        case .timestamp, .zonedTimestamp, .zonedTime:
            guard text.first.map({ $0 &- UInt8(ascii: "0") <= 9 }) == true else { return null(&output) }
            appendClock(text, to: &output)
        case .base64:
            guard let data = Self.bytes(text) else { return null(&output) }
            output.append(UInt8(ascii: "\""))
            output.append(contentsOf: data.base64EncodedData())
            output.append(UInt8(ascii: "\""))
        case .document:
            guard !text.isEmpty else { return null(&output) }
            // A line end stands between parts of a document only.
            for byte in text { output.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
        case .list(let element):
            let start = output.count
            guard ArrayText.append(text, element, to: &output) else {
                output.removeSubrange(start...)
                return null(&output)
            }
        }
        return .written
    }

    private func null(_ output: inout [UInt8]) -> Outcome {
        output.append(contentsOf: Array("null".utf8))
        return .nulled
    }

    /// `2024-01-01 12:00:00+00 BC` of PostgreSQL becomes `2024-01-01T12:00:00Z BC`.
    private func appendClock(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var rest = text[...]
        let isBC = rest.count > 3 && rest.suffix(3).elementsEqual(" BC".utf8)
        if isBC { rest = rest.dropLast(3) }
        var zone: Int?
        for (place, byte) in rest.enumerated() {
            switch byte {
            case 0x20: output.append(UInt8(ascii: "T"))
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                if byte == UInt8(ascii: "+") || place > 4, rest[..<(rest.startIndex + place)].contains(UInt8(ascii: ":")) {
                    zone = output.count
                }
                output.append(byte)
            default: output.append(byte)
            }
        }
        if let zone, output.count == zone + 3 {
            let isUTC = output[zone...].elementsEqual("+00".utf8) && kindIsTimestamp
            output.replaceSubrange(zone..., with: isUTC ? Array("Z".utf8) : output[zone...] + Array(":00".utf8))
        }
        if isBC { output.append(contentsOf: Array(" BC".utf8)) }
        output.append(UInt8(ascii: "\""))
    }

    private var kindIsTimestamp: Bool { if case .zonedTimestamp = kind { true } else { false } }

    /// Escapes what JSON wants escaped. The text is UTF-8.
    static func appendString(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var start = 0
        for place in 0..<text.count {
            let byte = text[place]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<place]))
            start = place + 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x0A: output += Array("\\n".utf8)
            case 0x0D: output += Array("\\r".utf8)
            case 0x09: output += Array("\\t".utf8)
            default:
                let digits = Array("0123456789abcdef".utf8)
                output += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
        output.append(UInt8(ascii: "\""))
    }

    /// Whether JSON takes the text as a number: not `NaN` nor `Infinity`.
    static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        return (first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") <= 9) && last &- UInt8(ascii: "0") <= 9
    }

    /// `\x` and hexadecimal digits, or base64.
    private static func bytes(_ text: UnsafeRawBufferPointer) -> Data? {
        guard text.starts(with: "\\x".utf8) else { return Data(base64Encoded: Data(text)) }
        func digit(_ byte: UInt8) -> UInt8 { byte > UInt8(ascii: "9") ? (byte | 0x20) - 87 : byte - UInt8(ascii: "0") }
        return Data(stride(from: 2, to: text.count - 1, by: 2).map { digit(text[$0]) << 4 | digit(text[$0 + 1]) })
    }
}
