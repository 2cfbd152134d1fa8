/// Says at which of a source's states what has come so far is committed: once enough bytes have come, or enough time has gone by.
struct CheckpointPacer {
    /// Nil where nothing is committed before the end.
    private let size: Int?
    private let interval: Duration
    private var lastBytes = 0
    private var last = ContinuousClock.now

    init(size: Int?, _ interval: Duration) {
        self.size = size
        self.interval = interval
    }

    /// - Parameter bytes: what has come since the stream's start.
    mutating func isDue(bytes: Int) -> Bool {
        guard let size, bytes > lastBytes else { return false }
        let now = ContinuousClock.now
        guard bytes - lastBytes >= size || now - last >= interval else { return false }
        lastBytes = bytes
        last = now
        return true
    }
}
