/// Counts what one stream moves and reports it now and then. Belongs to one thread.
struct ProgressMeter {
    private let stream: String
    private let interval: Duration
    private let report: @Sendable (SyncProgress) -> Void
    private var last = ContinuousClock.now
    private var pieces = 0
    private(set) var bytes = 0

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

    /// Reports if the last report is long enough ago.
    mutating func tick(rows: Int) {
        let now = ContinuousClock.now
        guard now - last >= interval else { return }
        last = now
        report(SyncProgress(stream: stream, phase: .copying, rows: rows, bytes: bytes))
    }

    func enter(_ phase: SyncProgress.Phase, rows: Int, message: String? = nil) {
        report(SyncProgress(stream: stream, phase: phase, rows: rows, bytes: bytes, message: message))
    }
}
