import Foundation
import Kubernetes
import Synchronization

/// What a container writes, on its way into the log of its attempt; each line once, also where an earlier process has written the
/// first of them, or the engine begins again at the first.
final class ContainerLog: Sendable {
    /// The last line of an output, by its time, and how many had that time. The lines of one output come in the order of their times.
    private struct Mark {
        var time: Timestamp
        var count: Int
    }

    private struct State {
        /// What was passed on of standard output and standard error.
        var marks: [Mark?] = [nil, nil]
        /// What the stream that begins again is still to repeat.
        var repeats: [Mark?] = [nil, nil]
        var tail: [String] = []
        var lastOutput = LastOutput()
        /// Whether what comes next on an output is the rest of a line, and whether that line was in the log before.
        var rests: [(goesOn: Bool, isRepeated: Bool)] = [(false, false), (false, false)]
        /// Whether the stream begins somewhere in the middle, so that what it repeats says nothing.
        var isRest = false

        mutating func note(_ time: Timestamp, _ output: Int) {
            if let mark = marks[output], mark.time == time {
                marks[output]?.count += 1
            } else {
                marks[output] = Mark(time: time, count: 1)
            }
        }

        mutating func isRepeated(_ time: Timestamp, _ output: Int) -> Bool {
            guard let mark = repeats[output], time <= mark.time else { return false }
            if time < mark.time { return true }
            repeats[output]?.count -= 1
            return mark.count > 0
        }
    }

    private let report: @Sendable (TaskReport) -> Void
    private let state: Mutex<State>

    private static let outputs = ["stdout", "stderr"]
    private static let tailLength = 10

    init(_ attempt: TaskAttempt, _ report: @escaping @Sendable (TaskReport) -> Void) {
        self.report = report
        var state = State()
        if attempt.resumption != .none, let path = attempt.logPath {
            var reader = AttemptLogReader(path: path)
            while let piece = reader.next() {
                for line in piece {
                    guard let output = Self.outputs.firstIndex(of: line.stream), let time = line.time else { continue }
                    state.note(time, output)
                }
            }
        }
        self.state = Mutex(state)
    }

    /// The last lines, for people who read of a failure.
    var tail: [String] { state.withLock { $0.tail } }
    /// What later tasks may read.
    var lastOutput: LastOutput { state.withLock { $0.lastOutput } }

    /// The stream begins at its beginning.
    func begin() {
        state.withLock { state in
            state.repeats = state.marks
            state.tail = []
            state.lastOutput = LastOutput()
            state.rests = [(false, false), (false, false)]
            state.isRest = false
        }
    }

    /// The stream begins again for what may be missing of its end.
    /// - Returns: from when on; nil where all of it is missing.
    func beginRest() -> Timestamp? {
        state.withLock { state in
            state.repeats = state.marks
            state.rests = [(false, false), (false, false)]
            state.isRest = true
            // Engines differ in whether that moment is part of it.
            return state.marks.compactMap { $0?.time }.min().map { $0 - .seconds(1) }
        }
    }

    /// A line with its time before it, or a further piece of one, which has none.
    func take(_ bytes: [UInt8], isError: Bool, goesOn: Bool) {
        let output = isError ? 1 : 0
        let isNew = state.withLock { state -> LogLine? in
            let rest = state.rests[output]
            var text = bytes[...]
            var time: Timestamp?
            if !rest.goesOn {
                let space = bytes.firstIndex(of: UInt8(ascii: " ")) ?? bytes.endIndex
                if let nanoseconds = ClusterTime.nanoseconds(String(decoding: bytes[..<space], as: UTF8.self)) {
                    time = Timestamp(microseconds: Int64(nanoseconds / 1000))
                    text = bytes[space...].dropFirst()
                }
            }
            let piece = OutputLine(text, isError: isError, goesOn: goesOn)
            let isRepeated = rest.goesOn ? rest.isRepeated : time.map { state.isRepeated($0, output) } ?? false
            state.rests[output] = (goesOn, isRepeated)
            if !(isRepeated && state.isRest) {
                state.lastOutput.take(piece)
                if state.tail.count >= Self.tailLength { state.tail.removeFirst() }
                state.tail.append(String(piece.text.prefix(500)))
            }
            if isRepeated { return nil }
            if let time { state.note(time, output) }
            return LogLine(piece.text, level: isError ? .warning : .info, stream: Self.outputs[output], time: time)
        }
        if let line = isNew { report(.log(line)) }
    }
}
