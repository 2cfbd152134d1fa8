/// Numbers as people write them into spreadsheets.
enum SeedNumber {
    /// The digits of `$1,200.50` or `12%`, without signs of currency, percent and groups; nil where it is no number.
    static func normalized(_ value: ArraySlice<UInt8>) -> String? {
        // Most values fail on their first byte.
        guard let first = value.first, first < 0x80 || first == 0xC2 || first == 0xE2 || first == 0xC5 else { return nil }
        if (first | 0x20) &- 97 < 26 { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        var digits = 0
        var points = 0
        var hasExponent = false
        for byte in stripped(value) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                bytes.append(byte)
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "."):
                points += 1
                if points > 1 || hasExponent { return nil }
                bytes.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                guard bytes.isEmpty || bytes.last.map({ $0 | 0x20 == UInt8(ascii: "e") }) ?? false else { return nil }
                bytes.append(byte)
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard digits > 0, !hasExponent else { return nil }
                hasExponent = true
                bytes.append(byte)
            default: return nil
            }
        }
        guard digits > 0, let last = bytes.last, last &- 48 < 10 || last == UInt8(ascii: ".") else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Without the signs around the digits.
    private static func stripped(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = value
        while let last = slice.last, last == UInt8(ascii: "%") { slice.removeLast() }
        while let first = slice.first, first == UInt8(ascii: "%") { slice.removeFirst() }
        for symbol in currencies {
            if slice.starts(with: symbol) { slice = slice.dropFirst(symbol.count) }
            if slice.count >= symbol.count, slice.suffix(symbol.count).elementsEqual(symbol) {
                slice = slice.dropLast(symbol.count)
            }
        }
        return slice
    }

    private static let currencies: [[UInt8]] = ["$", "£", "€", "¥", "₹", "₽", "฿", "₩", "₪", "₫", "₱"].map { Array($0.utf8) }
}
