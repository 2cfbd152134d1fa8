/// Cuts bytes into lines.
///
/// ```swift
/// var splitter = LineSplitter()
/// splitter.feed(bytes[..<count]) { line, _ in print(String(decoding: line, as: UTF8.self)) }
/// splitter.finish { ... }
/// ```
package struct LineSplitter {
    private var rest: [UInt8] = []
    private let maximum: Int

    /// Takes a line without its end, or a piece of one.
    /// - Parameter goesOn: whether the next piece belongs to the same line.
    package typealias Taker = (_ bytes: [UInt8], _ goesOn: Bool) throws -> Void

    /// - Parameter maximum: lines that are longer, in bytes, come in several pieces. No character of UTF-8 is cut.
    package init(maximum: Int = .max) { self.maximum = max(4, maximum) }

    /// Takes what comes next.
    /// - Parameter line: takes each line that is whole, and pieces of one that is too long.
    package mutating func feed(_ bytes: ArraySlice<UInt8>, _ line: Taker) rethrows {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            rest += bytes[start..<end]
            start = end + 1
            try emitPieces(line)
            try emit(line)
        }
        rest += bytes[start...]
        try emitPieces(line)
    }

    /// Hands over the last line where it has no end.
    package mutating func finish(_ line: Taker) rethrows { if !rest.isEmpty { try emit(line) } }

    private mutating func emit(_ line: Taker) rethrows {
        let whole = rest
        rest.removeAll(keepingCapacity: true)
        try line(whole, false)
    }

    /// Something is always left, so that the last piece is never empty.
    private mutating func emitPieces(_ line: Taker) rethrows {
        while rest.count > maximum {
            var end = maximum
            // Bytes 10xxxxxx go on with a character; it has four at most.
            while end > maximum - 3, rest[end] & 0b1100_0000 == 0b1000_0000 { end -= 1 }
            let piece = Array(rest[..<end])
            rest.removeFirst(end)
            try line(piece, true)
        }
    }
}
