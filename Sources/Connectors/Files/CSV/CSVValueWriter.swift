import Foundation
import Records

/// Writes the binary form of a value of a type, straight from the file's bytes.
struct CSVValueWriter {
    enum Outcome {
        case written
        /// Nothing was appended: the text is no value of the type.
        case unfit
    }

    let type: LogicalType

    /// - Parameter isPlain: whether the bytes are known to be ASCII without the character zero.
    @inline(__always)
    func append(_ bytes: UnsafePointer<UInt8>, _ count: Int, isPlain: Bool, to output: TupleBuffer) -> Outcome {
        if type == .string {
            guard isPlain || TextCheck.isText(bytes, count) else { return .unfit }
            output.reserve(count + 4)
            output.append(Int32(count))
            output.append(bytes, count)
            return .written
        }
        var bytes = bytes
        var count = count
        while count > 0, bytes[0] == 0x20 {
            bytes += 1
            count -= 1
        }
        while count > 0, bytes[count - 1] == 0x20 { count -= 1 }
        return appendTyped(bytes, count, to: output) ? .written : .unfit
    }

    private func appendTyped(_ bytes: UnsafePointer<UInt8>, _ count: Int, to output: TupleBuffer) -> Bool {
        output.reserve(32)
        switch type {
        case .integer:
            guard let value = NumberText.integer(bytes, count) else { return false }
            output.append(Int32(8))
            output.append(value)
            return true
        case .number:
            let start = output.openField()
            if NumberText.appendDecimal(bytes, count, to: output) {
                output.closeField(start)
                return true
            }
            output.rewind(to: start)
            guard count < 140_000, let form = NumericBinary.bytes(text(bytes, count)) else { return false }
            output.appendField(form)
            return true
        case .boolean:
            guard let value = Self.usualBoolean(bytes, count) ?? Self.boolean(text(bytes, min(count, 8))) else { return false }
            output.append(Int32(1))
            output.append(UInt8(value ? 1 : 0))
            return true
        case .date:
            guard let clock = ClockText.parse(bytes, count), let days = clock.days, clock.microseconds == nil else {
                return false
            }
            output.append(Int32(4))
            output.append(Int32(days))
            return true
        case .timestampWithTimeZone, .timestampWithoutTimeZone:
            guard let clock = ClockText.parse(bytes, count), let instant = clock.instant,
                type == .timestampWithTimeZone || clock.offset ?? 0 == 0
            else { return false }
            output.append(Int32(8))
            output.append(Int64(instant))
            return true
        case .timeWithoutTimeZone, .timeWithTimeZone:
            guard let clock = ClockText.parse(bytes, count), clock.days == nil, let time = clock.microseconds else {
                return false
            }
            if type == .timeWithTimeZone {
                output.append(Int32(12))
                output.append(Int64(time))
                // Counted to the west.
                output.append(Int32(-(clock.offset ?? 0)))
            } else {
                guard clock.offset ?? 0 == 0 else { return false }
                output.append(Int32(8))
                output.append(Int64(time))
            }
            return true
        default: return appendRare(bytes, count, to: output)
        }
    }

    private func appendRare(_ bytes: UnsafePointer<UInt8>, _ count: Int, to output: TupleBuffer) -> Bool {
        let raw = Array(UnsafeBufferPointer(start: bytes, count: count))
        switch type {
        case .object, .array:
            // A value that ends where the text does, which PostgreSQL will take.
            guard TextCheck.isText(bytes, count), JSONScanner(bytes: raw).valueEnd(0) == count, JSONBText.isAccepted(raw[...])
            else { return false }
            output.appendField([1] + raw)
            return true
        case .binaryData:
            guard let data = Self.binary(raw) else { return false }
            output.appendField(data)
            return true
        default: return false
        }
    }

    private func text(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// `true` and `false`, as most programs write them.
    private static func usualBoolean(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool? {
        func reads(_ word: StaticString) -> Bool { memcmp(bytes, word.utf8Start, count) == 0 }
        if count == 4, reads("true") { return true }
        return count == 5 && reads("false") ? false : nil
    }

    /// The words that PostgreSQL takes.
    static func boolean(_ word: String) -> Bool? {
        switch word.lowercased() {
        case "true", "t", "yes", "y", "on", "1": true
        case "false", "f", "no", "n", "off", "0": false
        default: nil
        }
    }

    /// `\x` and hexadecimal digits, as PostgreSQL writes it, or base64.
    private static func binary(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "x")]) else {
            return Data(base64Encoded: Data(bytes)).map { Array($0) }
        }
        guard bytes.count % 2 == 0 else { return nil }
        var data: [UInt8] = []
        for place in stride(from: 2, to: bytes.count, by: 2) {
            guard let byte = UInt8(String(decoding: bytes[place...(place + 1)], as: UTF8.self), radix: 16) else { return nil }
            data.append(byte)
        }
        return data
    }
}
