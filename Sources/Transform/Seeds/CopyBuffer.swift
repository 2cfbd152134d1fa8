/// Gathers rows in the text format of COPY and hands them on in pieces.
struct CopyBuffer {
    private var storage: [UInt8]
    private var count = 0

    private static let pieceSize = 64 << 10

    init() { storage = Array(repeating: 0, count: Self.pieceSize + Self.pieceSize / 4) }

    /// Whether there is enough for a piece.
    var isFull: Bool { count >= Self.pieceSize }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == storage.count { grow(by: 1) }
        storage[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func appendNull() {
        append(UInt8(ascii: "\\"))
        append(UInt8(ascii: "N"))
    }

    /// Appends bytes that need no escapes.
    @inline(__always)
    mutating func append(_ value: Span<UInt8>) {
        let length = value.count
        if storage.count &- count < length { grow(by: length) }
        let start = count
        storage.withUnsafeMutableBufferPointer { storage in
            for index in 0..<length { storage[start &+ index] = value[unchecked: index] }
        }
        count &+= length
    }

    /// Appends text: copies first, and starts anew if it met a byte that needs an escape.
    @inline(__always)
    mutating func appendEscaped(_ value: Span<UInt8>) {
        let length = value.count
        if storage.count &- count < length { grow(by: length) }
        let start = count
        let isPlain = storage.withUnsafeMutableBufferPointer { storage in
            var special = false
            for index in 0..<length {
                let byte = value[unchecked: index]
                storage[start &+ index] = byte
                special = special || byte == UInt8(ascii: "\\") || byte &- 0x09 <= 0x0D - 0x09
            }
            return !special
        }
        if isPlain { count &+= length } else { appendWithEscapes(value) }
    }

    private mutating func appendWithEscapes(_ value: Span<UInt8>) {
        for index in value.indices {
            let byte = value[index]
            let letter: UInt8? =
                switch byte {
                case UInt8(ascii: "\\"): byte
                case 0x09: UInt8(ascii: "t")
                case 0x0A: UInt8(ascii: "n")
                case 0x0D: UInt8(ascii: "r")
                default: nil
                }
            if letter != nil { append(UInt8(ascii: "\\")) }
            append(letter ?? byte)
        }
    }

    /// Hands over what there is, if anything.
    mutating func flush(to sink: ([UInt8]) throws -> Void) rethrows {
        guard count > 0 else { return }
        storage.removeLast(storage.count - count)
        try sink(storage)
        storage.append(contentsOf: repeatElement(0, count: max(0, Self.pieceSize + Self.pieceSize / 4 - count)))
        count = 0
    }

    private mutating func grow(by length: Int) {
        storage.append(contentsOf: repeatElement(0, count: max(length, storage.count)))
    }
}
