/// Cuts bytes into lines.
///
/// ```swift
/// var splitter = LineSplitter()
/// splitter.feed(bytes[..<count]) { line in print(String(decoding: line, as: UTF8.self)) }
/// splitter.finish { ... }
/// ```
package struct LineSplitter {
    private var rest: [UInt8] = []
    private let maximum: Int

    /// - Parameter maximum: lines of this length or longer come in several pieces.
    package init(maximum: Int = .max) { self.maximum = maximum }

    /// Takes what comes next.
    /// - Parameter line: takes each line that is whole, without its end.
    package mutating func feed(_ bytes: ArraySlice<UInt8>, _ line: ([UInt8]) throws -> Void) rethrows {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            rest += bytes[start..<end]
            start = end + 1
            try emit(line)
        }
        rest += bytes[start...]
        if rest.count >= maximum { try emit(line) }
    }

    /// Hands over the last line where it has no end.
    package mutating func finish(_ line: ([UInt8]) throws -> Void) rethrows { if !rest.isEmpty { try emit(line) } }

    private mutating func emit(_ line: ([UInt8]) throws -> Void) rethrows {
        let whole = rest
        rest.removeAll(keepingCapacity: true)
        try line(whole)
    }
}
