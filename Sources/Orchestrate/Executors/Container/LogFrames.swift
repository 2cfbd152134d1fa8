import Kubernetes
import Processes

/// Takes the log stream of a container engine apart: frames of a kind, a length and bytes, of which the lines are made.
///
/// Each frame begins with its time, also one that goes on with a line: what a program writes without a line end, and what is longer than
/// the engine's own lines.
struct LogFrames {
    private var buffer: [UInt8] = []
    private var output = LineSplitter(maximum: OutputLine.longest)
    private var errors = LineSplitter(maximum: OutputLine.longest)

    /// Whether the last frame of standard output and of standard error has left a line open.
    private var isOpen = [false, false]

    /// Takes a line with the time before it, or a further piece of one, which has none.
    typealias Taker = (_ bytes: [UInt8], _ isError: Bool, _ goesOn: Bool) -> Void

    mutating func feed(_ piece: ArraySlice<UInt8>, _ line: Taker) {
        buffer += piece
        var start = 0
        while buffer.count - start >= 8 {
            let size = buffer[(start + 4)..<(start + 8)].reduce(0) { $0 << 8 | Int($1) }
            guard buffer.count - start >= 8 + size else { break }
            var bytes = buffer[(start + 8)..<(start + 8 + size)]
            let kind = buffer[start] == 2 ? 1 : 0
            if isOpen[kind] { bytes = Self.withoutTime(bytes) }
            if let last = bytes.last { isOpen[kind] = last != UInt8(ascii: "\n") }
            if buffer[start] == 2 {
                errors.feed(bytes) { line($0, true, $1) }
            } else {
                output.feed(bytes) { line($0, false, $1) }
            }
            start += 8 + size
        }
        buffer.removeFirst(start)
    }

    /// The longest time has 35 characters: nanoseconds and an offset.
    private static func withoutTime(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let space = bytes.prefix(40).firstIndex(of: UInt8(ascii: " ")),
            ClusterTime.nanoseconds(String(decoding: bytes[..<space], as: UTF8.self)) != nil
        else { return bytes }
        return bytes[(space + 1)...]
    }

    mutating func finish(_ line: Taker) {
        output.finish { line($0, false, $1) }
        errors.finish { line($0, true, $1) }
    }
}
