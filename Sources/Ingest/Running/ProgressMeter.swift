/// Counts what one stream moves and reports it now and then. Belongs to one thread.
struct ProgressMeter {
    private let stream: String
    private let interval: Duration
    private let report: @Sendable (SyncProgress) -> Void
    private var last = ContinuousClock.now
    private var pieces = 0
    private(set) var bytes = 0
    /// The rows of this stream that were committed before those on their way.
    var committedRows = 0
    /// What was left out on the way, on purpose and because it could not be.
    private(set) var filteredRows = 0
    private(set) var rejectedRows = 0
    private(set) var changedValues = 0
    /// What the destination was given.
    private(set) var emittedBytes = 0

    init(stream: String, interval: Duration, report: @escaping @Sendable (SyncProgress) -> Void) {
        self.stream = stream
        self.interval = interval
        self.report = report
    }

    /// - Returns: whether it is time to look around: every 64 pieces.
    @inline(__always)
    mutating func count(_ count: Int) -> Bool {
        bytes += count
        pieces += 1
        return pieces & 63 == 0
    }

    /// Adds what is known at the end of a read.
    mutating func note(filteredRows: Int, rejectedRows: Int, changedValues: Int, emittedBytes: Int) {
        self.filteredRows += filteredRows
        self.rejectedRows += rejectedRows
        self.changedValues += changedValues
        self.emittedBytes += emittedBytes
    }

    /// Reports if the last report is long enough ago.
    mutating func tick(rows: Int) {
        let now = ContinuousClock.now
        guard now - last >= interval else { return }
        last = now
        report(SyncProgress(stream: stream, phase: .copying, rows: committedRows + rows, bytes: bytes))
    }

    func enter(_ phase: SyncProgress.Phase, rows: Int, message: String? = nil) {
        report(SyncProgress(stream: stream, phase: phase, rows: rows, bytes: bytes, message: message))
    }
}
