import Processes

/// Takes the log stream of a container engine apart: frames of a kind, a length and bytes, of which the lines are made.
struct LogFrames {
    private var buffer: [UInt8] = []
    private var output = LineSplitter(maximum: OutputLine.longest)
    private var errors = LineSplitter(maximum: OutputLine.longest)

    /// Takes a line with the time before it, or a further piece of one, which has none.
    typealias Taker = (_ bytes: [UInt8], _ isError: Bool, _ goesOn: Bool) -> Void

    mutating func feed(_ piece: ArraySlice<UInt8>, _ line: Taker) {
        buffer += piece
        var start = 0
        while buffer.count - start >= 8 {
            let size = buffer[(start + 4)..<(start + 8)].reduce(0) { $0 << 8 | Int($1) }
            guard buffer.count - start >= 8 + size else { break }
            let bytes = buffer[(start + 8)..<(start + 8 + size)]
            if buffer[start] == 2 {
                errors.feed(bytes) { line($0, true, $1) }
            } else {
                output.feed(bytes) { line($0, false, $1) }
            }
            start += 8 + size
        }
        buffer.removeFirst(start)
    }

    mutating func finish(_ line: Taker) {
        output.finish { line($0, false, $1) }
        errors.finish { line($0, true, $1) }
    }
}
