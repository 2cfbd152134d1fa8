import Dispatch
import Orchestrate
import Synchronization

/// A tree of the tasks, drawn anew in place while the run goes on.
final class TreeRunReporter: RunReporter {
    private struct State {
        var tree: RunTree
        /// Lines on the screen that belong to the tree.
        var drawn = 0
        var frame = 0
        var isFinished = false
    }

    private let state: Mutex<State>
    private let style = Style(for: .standardOutput)
    /// Dispatch sources may be used from any thread; this one is set up before anybody else sees it.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    init(_ pipeline: PipelineDefinition) {
        state = Mutex(State(tree: RunTree(pipeline)))
        timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now(), repeating: .milliseconds(100))
        timer.setEventHandler { [weak self] in self?.draw() }
        timer.resume()
    }

    func handle(_ event: RunEvent) { state.withLock { $0.tree.apply(event) } }

    func finish(_ result: RunResult) {
        timer.cancel()
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            let lines = state.tree.lines(now: result.finishedAt, frame: 0, style: style, width: Output.width)
            show(lines, replacing: state.drawn)
        }
        Output.write(RunSummary(result, style: style).text)
    }

    private func draw() {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.frame += 1
            let lines = state.tree.lines(
                now: SystemRunClock().now(), frame: state.frame, style: style, width: Output.width,
                height: Output.height - 2)
            show(lines, replacing: state.drawn)
            state.drawn = lines.count
        }
    }

    /// Writes `lines` over the lines that were drawn before. Long ones are cut by the terminal, not wrapped.
    private func show(_ lines: [String], replacing drawn: Int) {
        var text = drawn > 0 ? "\u{1B}[\(drawn)A" : ""
        text += "\r\u{1B}[J\u{1B}[?7l"
        text += lines.map { $0 + "\n" }.joined()
        text += "\u{1B}[?7h"
        Output.raw(text)
    }
}
