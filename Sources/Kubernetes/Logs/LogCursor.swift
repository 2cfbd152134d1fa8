/// Where a follower of a log stands, so that it goes on there after the stream was cut: without a gap, without a line twice. A pure
/// value.
///
/// The server takes a time to begin at, in whole seconds, and both outputs of a container have times of their own, so that lines need
/// not be in order. So the stream is opened again two seconds before the last line, and lines that were seen in that time are left
/// out, each as often as it was seen.
package struct LogCursor: Sendable {
    /// A line with its time.
    package struct Entry: Sendable, Hashable {
        /// Nanoseconds since 1970.
        package let time: Int
        package let text: String
    }

    private struct Mark: Hashable {
        let time: Int
        let hash: Int
    }

    private static let second = 1_000_000_000
    private static let margin = 2

    private var last: Int?
    /// The seconds from `windowStart` on, with what was seen in them.
    private var window: [Int: [Mark: Int]] = [:]
    /// What the stream opened again is still to repeat.
    private var repeats: [Mark: Int] = [:]

    package init() {}

    /// What to begin at; nil for the beginning.
    package var since: String? { startSecond.map { ClusterTime.text(seconds: $0) } }

    private var startSecond: Int? { last.map { $0 / Self.second - Self.margin } }

    /// The stream is opened again at ``since``.
    package mutating func reopen() {
        repeats = [:]
        guard let start = startSecond else { return }
        for (second, marks) in window where second >= start { repeats.merge(marks) { $0 + $1 } }
    }

    /// - Returns: the line, if it is new; nil for one that was seen already.
    ///
    /// A line without a time is the runtime's own word (a container that cannot be read); it is given on as it is.
    package mutating func take(_ bytes: [UInt8]) -> Entry? {
        let space = bytes.firstIndex(of: UInt8(ascii: " ")) ?? bytes.endIndex
        let text = bytes[space...].dropFirst()
        guard let time = ClusterTime.nanoseconds(String(decoding: bytes[..<space], as: UTF8.self)) else {
            return Entry(time: last ?? 0, text: String(decoding: bytes, as: UTF8.self))
        }
        var hasher = Hasher()
        text.withUnsafeBytes { hasher.combine(bytes: $0) }
        let mark = Mark(time: time, hash: hasher.finalize())
        if let count = repeats[mark] {
            repeats[mark] = count > 1 ? count - 1 : nil
            return nil
        }
        note(mark)
        return Entry(time: time, text: String(decoding: text.last == UInt8(ascii: "\r") ? text.dropLast() : text, as: UTF8.self))
    }

    private mutating func note(_ mark: Mark) {
        let before = startSecond
        last = max(last ?? mark.time, mark.time)
        window[mark.time / Self.second, default: [:]][mark, default: 0] += 1
        guard let start = startSecond, start != before else { return }
        window = window.filter { $0.key >= start }
    }
}
