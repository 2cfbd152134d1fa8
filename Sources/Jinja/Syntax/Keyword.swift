/// The names that mean something to the parser somewhere. In other places they are names as any.
enum Keyword: UInt8, CaseIterable {
    case other
    case `if`, elif, `else`, `for`, `in`, `is`, not, and, or, recursive
    case set, `do`, macro, call, filter, include, `import`, from, extends, block, with, autoescape, print, `break`, `continue`
    case endif, endfor, endset, endmacro, endcall, endfilter, endblock, endwith, endautoescape
    case `as`, ignore, missing, without, context, scoped, required
    case `true`, `false`, none, capitalTrue, capitalFalse, capitalNone

    /// The word.
    var text: String {
        switch self {
        case .capitalTrue: "True"
        case .capitalFalse: "False"
        case .capitalNone: "None"
        default: "\(self)"
        }
    }

    /// The words by their first 8 bytes.
    private struct Slot {
        var word: UInt64 = 0
        var length = 0
        var keyword = Keyword.other
    }

    /// Made once, never changed and never freed.
    nonisolated(unsafe) private static let table: UnsafeMutablePointer<Slot> = {
        let table = UnsafeMutablePointer<Slot>.allocate(capacity: 256)
        table.initialize(repeating: Slot(), count: 256)
        for keyword in allCases where keyword != .other {
            var word: UInt64 = 0
            let bytes = Array(keyword.text.utf8)
            for (index, byte) in bytes.prefix(8).enumerated() { word |= UInt64(byte) << UInt64(index * 8) }
            var place = hash(word, bytes.count)
            while table[place].length > 0 { place = (place + 1) & 255 }
            table[place] = Slot(word: word, length: bytes.count, keyword: keyword)
        }
        return table
    }()

    @inline(__always) private static func hash(_ word: UInt64, _ length: Int) -> Int {
        Int(truncatingIfNeeded: ((word ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }

    /// The keyword of a name.
    ///
    /// - Parameter start: The name's bytes, with at least 8 readable ones.
    @inline(__always) init(_ start: UnsafePointer<UInt8>, _ length: Int) {
        self = .other
        if length > 13 || length < 2 { return }
        var word = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
        if length < 8 { word &= (1 << UInt64(length * 8)) &- 1 }
        let table = Keyword.table
        var place = Keyword.hash(word, length)
        while table[place].length > 0 {
            if table[place].word == word, table[place].length == length {
                if length <= 8 || Keyword.matches(table[place].keyword, start, length) { self = table[place].keyword }
                return
            }
            place = (place + 1) & 255
        }
    }

    private static func matches(_ keyword: Keyword, _ start: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        Text.equal(keyword.text, UnsafeBufferPointer(start: start, count: length))
    }
}
