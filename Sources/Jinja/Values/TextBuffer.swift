/// UTF-8 text that grows: what templates write into.
///
/// An array would do the same at twice the cost: it checks at each append that nobody else holds its storage.
struct TextBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many bytes there are.
    private(set) var count = 0

    /// An empty buffer.
    init() {
        capacity = 0
        base = UnsafeMutablePointer(bitPattern: 1).unsafelyUnwrapped
    }

    deinit { if capacity > 0 { base.deallocate() } }

    /// Whether there are no bytes.
    var isEmpty: Bool { count == 0 }

    /// The bytes as a string.
    var string: String {
        SmallText.string(base, count) ?? String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }

    /// The bytes from an offset on as a string.
    func string(from start: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: base + start, count: count - start), as: UTF8.self)
    }

    /// Makes room for more bytes.
    @inline(__always) mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        let size = max(count + more, capacity * 2, 128)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        if capacity > 0 {
            larger.update(from: base, count: count)
            base.deallocate()
        }
        base = larger
        capacity = size
    }

    /// Appends a byte.
    @inline(__always) mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    /// Appends bytes.
    @inline(__always) mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        append(start, bytes.count)
    }

    /// Appends bytes.
    @inline(__always) mutating func append(_ start: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        let end = base + count
        if length <= 16 {
            // Short pieces are the rule; a call of memmove costs more than they do.
            if length >= 8 {
                UnsafeMutableRawPointer(end).storeBytes(
                    of: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self), as: UInt64.self)
                UnsafeMutableRawPointer(end + (length - 8)).storeBytes(
                    of: UnsafeRawPointer(start + (length - 8)).loadUnaligned(as: UInt64.self), as: UInt64.self)
            } else if length >= 4 {
                UnsafeMutableRawPointer(end).storeBytes(
                    of: UnsafeRawPointer(start).loadUnaligned(as: UInt32.self), as: UInt32.self)
                UnsafeMutableRawPointer(end + (length - 4)).storeBytes(
                    of: UnsafeRawPointer(start + (length - 4)).loadUnaligned(as: UInt32.self), as: UInt32.self)
            } else if length > 0 {
                // The first, the middle and the last of up to three.
                end[0] = start[0]
                end[length >> 1] = start[length >> 1]
                end[length - 1] = start[length - 1]
            }
        } else {
            end.update(from: start, count: length)
        }
        count &+= length
    }

    /// Appends bytes behind which eight more can be read.
    @inline(__always) mutating func append(padded start: UnsafePointer<UInt8>, _ length: Int) {
        if length > 8 { return append(start, length) }
        reserve(8)
        UnsafeMutableRawPointer(base + count).storeBytes(
            of: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self), as: UInt64.self)
        count &+= length
    }

    /// Takes all bytes away, keeping the memory.
    mutating func removeAll() { count = 0 }

    /// Appends the bytes of a string.
    @inline(__always) mutating func append(text: String) {
        if SmallText.isKnown, let words = SmallText.words(of: text) { return append(words) }
        appendLong(text)
    }

    /// Appends the short string that a value is; false for other values.
    @inline(__always) mutating func append(shortStringAt place: UnsafePointer<Value>) -> Bool {
        guard SmallText.isKnown, let words = SmallText.words(at: place) else { return false }
        append(words)
        return true
    }

    /// Appends a short string: sixteen bytes, of which only its own count.
    @inline(__always) private mutating func append(_ words: SmallText.Words) {
        reserve(16)
        let end = UnsafeMutableRawPointer(base + count)
        end.storeBytes(of: words.first.littleEndian, as: UInt64.self)
        end.storeBytes(of: words.second.littleEndian, toByteOffset: 8, as: UInt64.self)
        count &+= SmallText.length(words)
    }

    @inline(never) private mutating func appendLong(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// Appends a text in upper or lower case, where all of it is ASCII; else nothing, and false.
    @inline(never) mutating func append(ascii text: String, isUpper: Bool) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard Text.isASCII(bytes) else { return false }
            reserve(bytes.count)
            let end = base + count
            for index in 0..<bytes.count { end[index] = isUpper ? Text.upper(bytes[index]) : Text.lower(bytes[index]) }
            count += bytes.count
            return true
        }
    }

    /// Appends the bytes of a literal.
    mutating func append(static text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }

    /// Appends the decimal digits of an integer.
    @inline(__always) mutating func append(integer value: Int) {
        reserve(20)
        if UInt(bitPattern: value) < 10_000 {
            appendTiny(UInt32(truncatingIfNeeded: value))
        } else if UInt(bitPattern: value) < 100_000_000 {
            appendShort(UInt64(truncatingIfNeeded: value))
        } else {
            appendDigits(value)
        }
    }

    /// ``appendShort(_:)`` of up to four digits.
    @inline(__always) private mutating func appendTiny(_ value: UInt32) {
        let hundreds = (value &* 10_486) &>> 20
        let halves = hundreds | (value &- hundreds &* 100) &<< 16
        let tens = (halves &* 103) &>> 10 & 0x000F_000F
        let digits = tens | (halves &- tens &* 10) &<< 8
        let zeros = (digits | 1 &<< 24).trailingZeroBitCount & ~7
        let text = (digits | 0x3030_3030) &>> UInt32(truncatingIfNeeded: zeros)
        UnsafeMutableRawPointer(base + count).storeBytes(of: text.littleEndian, as: UInt32.self)
        count &+= 4 &- zeros &>> 3
    }

    /// Appends up to eight digits.
    ///
    /// A branch for each digit would be guessed wrong too often. So the number is cut into halves, quarters and digits in
    /// parallel lanes of one word, the first digit in its lowest byte, and leading zeros are shifted out (after Paul
    /// Khuong, "How to print integers really fast", 2017). Divisions are products with a reciprocal, exact for lanes below
    /// 10,000 and below 100.
    @inline(__always) private mutating func appendShort(_ value: UInt64) {
        let high = value / 10_000
        let halves = high | (value &- high &* 10_000) &<< 32
        let hundreds = (halves &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let quarters = hundreds | (halves &- hundreds &* 100) &<< 16
        let tens = (quarters &* 103) &>> 10 & 0x000F_000F_000F_000F
        let digits = tens | (quarters &- tens &* 10) &<< 8
        // The last digit stays even where it is a zero.
        let zeros = (digits | 1 &<< 56).trailingZeroBitCount & ~7
        let text = (digits | 0x3030_3030_3030_3030) &>> UInt64(truncatingIfNeeded: zeros)
        UnsafeMutableRawPointer(base + count).storeBytes(of: text.littleEndian, as: UInt64.self)
        count &+= 8 &- zeros &>> 3
    }

    private mutating func appendDigits(_ value: Int) {
        var rest = value.magnitude
        if value < 0 {
            base[count] = UInt8(ascii: "-")
            count += 1
        }
        var place = count + TextBuffer.digits(rest)
        count = place
        while rest >= 100 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            rest = quotient
            place -= 2
            put(pair, at: place)
        }
        if rest >= 10 {
            put(rest, at: place - 2)
        } else {
            base[place - 1] = UInt8(truncatingIfNeeded: 48 &+ rest)
        }
    }

    /// How many digits a number has.
    @inline(__always) private static func digits(_ number: UInt) -> Int {
        if number < 10000 { return number < 100 ? (number < 10 ? 1 : 2) : (number < 1000 ? 3 : 4) }
        var length = 5
        var rest = number / 100_000
        while rest > 0 {
            rest /= 10
            length += 1
        }
        return length
    }

    /// Writes two digits with one division less: a tenth of a number below 100 is its product with 205 by 2048.
    @inline(__always) private mutating func put(_ pair: UInt, at place: Int) {
        let tens = (pair &* 205) &>> 11
        base[place] = UInt8(truncatingIfNeeded: 48 &+ tens)
        base[place + 1] = UInt8(truncatingIfNeeded: 48 &+ pair &- tens &* 10)
    }

    /// Appends a code point.
    mutating func append(scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
    }

    /// Takes bytes away at the end.
    mutating func removeLast(_ number: Int) { count -= min(number, count) }
}
