/// Numbers as people write them, read from bytes.
enum NumberText {
    /// A whole number of 64 bits; nil if it is none or too large.
    @inline(__always)
    static func integer(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
        guard count > 0 else { return nil }
        let sign = bytes[0]
        var offset = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? 1 : 0
        guard offset < count else { return nil }
        // Counted downwards, since there is one more number on that side.
        var value: Int64 = 0
        if count - offset <= 18 {
            while offset < count {
                let digit = bytes[offset] &- UInt8(ascii: "0")
                if digit > 9 { return nil }
                value = value &* 10 &- Int64(digit)
                offset += 1
            }
        } else {
            while offset < count {
                let digit = bytes[offset] &- UInt8(ascii: "0")
                if digit > 9 { return nil }
                let (product, isLost) = value.multipliedReportingOverflow(by: 10)
                let (sum, isLostToo) = product.subtractingReportingOverflow(Int64(digit))
                if isLost || isLostToo { return nil }
                value = sum
                offset += 1
            }
        }
        if sign == UInt8(ascii: "-") { return value }
        return value == .min ? nil : -value
    }

    /// Appends the binary form of `numeric`, for plain decimal numbers: the digits are grouped by four around the point.
    /// Source of the format: `numeric_send` of PostgreSQL.
    ///
    /// - Returns: false, with nothing appended, if the text is none of these.
    static func appendDecimal(_ bytes: UnsafePointer<UInt8>, _ count: Int, to output: TupleBuffer) -> Bool {
        var offset = 0
        let isNegative = count > 0 && bytes[0] == UInt8(ascii: "-")
        if count > 0, isNegative || bytes[0] == UInt8(ascii: "+") { offset = 1 }
        var whole = offset
        while offset < count, bytes[offset] &- UInt8(ascii: "0") <= 9 { offset += 1 }
        let wholeEnd = offset
        var fraction = offset
        if offset < count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            fraction = offset
            while offset < count, bytes[offset] &- UInt8(ascii: "0") <= 9 { offset += 1 }
        }
        let scale = offset - fraction
        guard offset == count, wholeEnd - whole + scale > 0, scale <= 16383 else { return false }
        while whole < wholeEnd, bytes[whole] == UInt8(ascii: "0") { whole += 1 }
        let digits = wholeEnd - whole
        guard digits <= 131_072 else { return false }

        output.reserve(8 + 2 * ((digits + 3) / 4 + (scale + 3) / 4))
        let start = output.count
        output.rewind(to: start + 8)
        var weight = (digits + 3) / 4 - 1
        var groups = 0
        /// Groups before the first that is not zero only say where that stands.
        func append(_ group: UInt16) {
            if group == 0, groups == 0 {
                weight -= 1
            } else {
                output.append(group)
                groups += 1
            }
        }
        var width = digits % 4 == 0 ? 4 : digits % 4
        while whole < wholeEnd {
            append(group(bytes + whole, width, of: width))
            whole += width
            width = 4
        }
        while fraction < offset {
            let width = min(4, offset - fraction)
            append(group(bytes + fraction, width, of: 4))
            fraction += width
        }
        while groups > 0, output.base[output.count - 1] == 0, output.base[output.count - 2] == 0 {
            groups -= 1
            output.rewind(to: output.count - 2)
        }
        output.store(UInt16(groups), at: start)
        output.store(Int16(groups == 0 ? 0 : weight), at: start + 2)
        output.store(UInt16(isNegative && groups > 0 ? 0x4000 : 0), at: start + 4)
        output.store(UInt16(scale), at: start + 6)
        return true
    }

    @inline(__always)
    private static func group(_ bytes: UnsafePointer<UInt8>, _ count: Int, of width: Int) -> UInt16 {
        var value: UInt16 = 0
        for place in 0..<width { value = value * 10 + (place < count ? UInt16(bytes[place] - UInt8(ascii: "0")) : 0) }
        return value
    }
}
