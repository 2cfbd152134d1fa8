#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The text of a template: its name and bytes, with line breaks normalised to `\n`.
public final class TemplateSource: @unchecked Sendable {
    // The bytes are written while the source is made and never changed afterwards.

    /// The name of the template, for messages.
    public let name: String?
    /// The bytes in UTF-8. Eight more can be read behind them.
    let bytes: UnsafeBufferPointer<UInt8>
    private let memory: UnsafeMutablePointer<UInt8>

    /// Normalises the line breaks; removes one trailing line break unless it is to be kept.
    init(_ text: String, name: String?, keepsTrailingNewline: Bool) {
        self.name = name
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: text.utf8.count + 8)
        var text = text
        var count = text.withUTF8 { bytes in
            if let first = bytes.baseAddress { memory.update(from: first, count: bytes.count) }
            return bytes.count
        }
        (memory + count).update(repeating: 0, count: 8)
        count = TemplateSource.normalize(memory, count)
        if !keepsTrailingNewline && count > 0 && memory[count - 1] == UInt8(ascii: "\n") { count -= 1 }
        self.memory = memory
        bytes = UnsafeBufferPointer(start: memory, count: count)
    }

    deinit { memory.deallocate() }

    /// Makes every line break `\n`, in place. Returns how many bytes are left.
    private static func normalize(_ memory: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        guard count > 0, let found = memchr(memory, Int32(UInt8(ascii: "\r")), count) else { return count }
        let first = UnsafeMutableRawPointer(found) - UnsafeMutableRawPointer(memory)
        var (from, to) = (first, first)
        while from < count {
            var byte = memory[from]
            if byte == UInt8(ascii: "\r") {
                byte = UInt8(ascii: "\n")
                if from + 1 < count && memory[from + 1] == UInt8(ascii: "\n") { from += 1 }
            }
            memory[to] = byte
            from += 1
            to += 1
        }
        return to
    }

    /// The bytes of a range.
    @inline(__always) func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }

    /// The text of a range of bytes.
    func text(_ range: Range<Int>) -> String { String(decoding: slice(range), as: UTF8.self) }

    /// The line and the column in characters of a byte offset, both from 1.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var start = 0
        let end = min(offset, bytes.count)
        for index in 0..<end where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            start = index + 1
        }
        let column = bytes[start..<max(start, end)].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return (line, column)
    }

    /// The text of a line, from 1, shortened when it is very long.
    public func line(_ number: Int) -> String? {
        var current = 1
        var start = 0
        while current < number {
            guard let next = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            start = next + 1
            current += 1
        }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        return text(start..<min(end, start + 400))
    }

    /// The error with the place of a byte offset, unless it has one already.
    func located(_ error: TemplateError, at offset: Int) -> TemplateError {
        guard error.line == 0 else { return error }
        var error = error
        let place = position(of: offset)
        error.templateName = name
        error.line = place.line
        error.column = place.column
        error.sourceLine = line(place.line)
        return error
    }
}
