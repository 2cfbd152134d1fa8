import Connectors
import Records
import Synchronization

/// A stream that several workers move in parts, and how far they are.
final class PartsWork: Sendable {
    let plan: StreamPlan
    let write: WriteRequest
    let load: PartialLoad
    /// The parts that are to be read, in their order.
    let parts: [LoadedPart]
    /// Rows that are there from a sync that did not come to its end.
    let keptRows: Int
    private let keptParts: Int
    private let start = ContinuousClock.now

    private struct State {
        var remaining: Int
        var hasFailed = false
        /// Rows and bytes of each part, by its first page.
        var figures: [Int: (rows: Int, bytes: Int)] = [:]
    }
    private let state: Mutex<State>

    /// - Parameter kept: the parts that need not be read again.
    init(_ plan: StreamPlan, _ write: WriteRequest, _ load: PartialLoad, parts: [LoadedPart], kept: [LoadedPart]) {
        self.plan = plan
        self.write = write
        self.load = load
        self.parts = parts
        keptRows = kept.reduce(0) { $0 + $1.rows }
        keptParts = kept.count
        state = Mutex(State(remaining: parts.count))
    }

    /// What the stream as a whole has, after news of one part.
    func progress(of part: LoadedPart, rows: Int, bytes: Int) -> SyncProgress {
        let (rows, bytes) = state.withLock { state in
            state.figures[part.part.pages.lowerBound] = (rows, bytes)
            return Self.sum(state)
        }
        return SyncProgress(stream: plan.label, phase: .copying, rows: keptRows + rows, bytes: bytes)
    }

    /// - Returns: whether it was the last, and all went well.
    func finish(_ part: LoadedPart, rows: Int, bytes: Int) -> Bool {
        state.withLock { state in
            state.figures[part.part.pages.lowerBound] = (rows, bytes)
            state.remaining -= 1
            return state.remaining == 0 && !state.hasFailed
        }
    }

    /// - Returns: whether it is the first part that failed.
    func fail() -> Bool {
        state.withLock { state in
            defer { state.hasFailed = true }
            state.remaining -= 1
            return !state.hasFailed
        }
    }

    private static func sum(_ state: State) -> (rows: Int, bytes: Int) {
        state.figures.values.reduce((0, 0)) { ($0.0 + $1.rows, $0.1 + $1.bytes) }
    }

    /// As they traveled in this attempt.
    var bytes: Int { state.withLock { Self.sum($0).bytes } }

    func rows(of part: LoadedPart) -> Int { state.withLock { $0.figures[part.part.pages.lowerBound]?.rows ?? 0 } }

    /// What came of the stream.
    func result(_ outcome: WriteOutcome) -> StreamResult {
        let (rows, bytes) = state.withLock { Self.sum($0) }
        var notes = outcome.notes
        if keptParts > 0 {
            notes.append(
                "\(keptParts) of \(keptParts + parts.count) parts had not changed since a sync that did not come to its end, and were not read again"
            )
        }
        var result = StreamResult(
            name: plan.stream.descriptor.name, namespace: plan.stream.descriptor.namespace, table: "\(plan.table)",
            rowsRead: rows, rowsCommitted: outcome.rowsCommitted, bytes: bytes, duration: ContinuousClock.now - start,
            generation: outcome.generation, publication: outcome.publication.rawValue,
            notes: notes + plan.changes.map(\.sentence))
        result.changes = plan.changes
        result.parts = keptParts + parts.count
        return result
    }
}
