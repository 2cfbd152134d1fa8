/// Cuts a stream of bytes into lines. Bytes that are no whole line yet wait for more.
package struct ByteLines: Sendable {
    private var rest: [UInt8] = []
    /// Longer lines are cut, so that no stream fills the memory.
    private let limit: Int

    package init(limit: Int) { self.limit = limit }

    /// Whether the stream has ended within a line.
    package var hasRest: Bool { !rest.isEmpty }

    /// Takes bytes, and gives each line that they end to `body`, without its line feed.
    package mutating func add(_ bytes: some Collection<UInt8>, _ body: ([UInt8]) throws -> Void) rethrows {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            rest.append(contentsOf: bytes[start..<end])
            start = bytes.index(after: end)
            let line = rest
            rest.removeAll(keepingCapacity: true)
            try body(line)
        }
        rest.append(contentsOf: bytes[start...])
        while rest.count > limit {
            // Not within a character.
            var place = limit
            while place > limit - 4, rest[place] & 0xC0 == 0x80 { place -= 1 }
            let line = Array(rest[..<place])
            rest.removeFirst(place)
            try body(line)
        }
    }

    /// What is left at the end of the stream.
    package mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}
