import Connectors
import Synchronization

/// Cuts a source's session off that says nothing for too long while it is waited for, as Airbyte's heartbeat does.
///
/// A server that is gone is noticed by the keepalives of its connection; this is for one that keeps it open and sends nothing. Programs are
/// watched by who reads their output.
final class SourceWatch: Sendable {
    private let limit: Duration
    private let beats = Atomic<Int>(0)
    /// Whether it is the source that is waited for, and not the destination.
    private let isWaiting = Atomic<Bool>(true)
    private let isOver = Atomic<Bool>(false)
    private let wasCut = Atomic<Bool>(false)

    /// Watches from now until ``end()``.
    init(_ interrupt: Interrupt, limit: Duration) {
        self.limit = limit
        BlockingThread.start("leat-heartbeat") { [self] in watch(interrupt) }
    }

    /// Whether the source was cut off.
    var hasCut: Bool { wasCut.load(ordering: .relaxed) }

    /// Something has come, and is handed over.
    @inline(__always)
    func receive() { isWaiting.store(false, ordering: .relaxed) }

    /// What came was handed over.
    @inline(__always)
    func wait() {
        beats.wrappingAdd(1, ordering: .relaxed)
        isWaiting.store(true, ordering: .relaxed)
    }

    func end() { isOver.store(true, ordering: .relaxed) }

    private func watch(_ interrupt: Interrupt) {
        let step = min(.seconds(1), limit / 4)
        var last = beats.load(ordering: .relaxed)
        var silentSince = ContinuousClock.now
        while !isOver.load(ordering: .relaxed) {
            BlockingThread.sleep(step)
            let now = beats.load(ordering: .relaxed)
            if now != last || !isWaiting.load(ordering: .relaxed) {
                last = now
                silentSince = .now
            }
            guard ContinuousClock.now - silentSince > limit, !isOver.load(ordering: .relaxed) else { continue }
            wasCut.store(true, ordering: .relaxed)
            interrupt.abort()
            return
        }
    }
}
