import Postgres

/// Bytes on their way from a thread that makes them to the one that takes them, so that both work side by side.
///
/// A few buffers go round, and whoever is ahead waits: memory is constant, however fast one of the two is.
///
/// ```swift
/// let rows = try ReadAhead.run("leat-read") { pieces in
///     var buffer = pieces.buffer()
///     ...
///     buffer = try pieces.exchange(buffer)
/// } take: { bytes in ... }
/// ```
final class ReadAhead<Outcome: Sendable>: Sendable {
    private struct State: Sendable {
        var full: [TupleBuffer] = []
        var free: [TupleBuffer] = []
        var isAbandoned = false
        var end: Result<Outcome, any Error>?

        var bytes: Int { full.reduce(0) { $0 + $1.count } }
    }

    /// What is made ahead, in bytes; a single piece may be larger.
    private static var limit: Int { 256 << 10 }
    /// Larger buffers than this held a huge row, and are given back.
    private static var usualCapacity: Int { 256 << 10 }

    private let monitor = Monitor(State())

    private init() {}

    /// Runs `make` on a thread of its own, and calls `take` on this one for each piece, in order. The bytes live only during the call.
    ///
    /// - Returns: what `make` returned, once all has been taken.
    /// - Throws: what `take` throws, which ends `make` at its next piece, or what `make` throws, after all that came before.
    static func run(
        _ name: String, make: @escaping @Sendable (ReadAhead) throws -> Outcome,
        take: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Outcome {
        let ahead = ReadAhead()
        BlockingThread.start(name) {
            let end = Result { try make(ahead) }
            ahead.monitor.update { $0.end = end }
        }
        do {
            while let piece = ahead.next() {
                try take(piece.bytes)
                piece.removeAll()
                ahead.keep(piece)
            }
        } catch {
            ahead.monitor.update { $0.isAbandoned = true }
            ahead.monitor.wait {
                $0.end != nil
            } then: { _ in
            }
            throw error
        }
        guard let end = ahead.monitor.update({ $0.end }) else { throw CancellationError() }
        return try end.get()
    }

    /// Whether nobody takes anything any more.
    var isAbandoned: Bool { monitor.update { $0.isAbandoned } }

    /// An empty buffer.
    func buffer() -> TupleBuffer { monitor.update { $0.free.popLast() } ?? TupleBuffer() }

    /// Keeps an empty buffer for the next who wants one.
    func keep(_ buffer: TupleBuffer) {
        monitor.update { if buffer.capacity <= Self.usualCapacity { $0.free.append(buffer) } }
    }

    /// Hands over a buffer and gets an empty one for it; waits while there is enough on the way.
    func exchange(_ buffer: TupleBuffer) throws(CancellationError) -> TupleBuffer {
        let isWanted = monitor.wait {
            $0.isAbandoned || $0.full.isEmpty || $0.bytes + buffer.count <= Self.limit
        } then: { state in
            if !state.isAbandoned { state.full.append(buffer) }
            return !state.isAbandoned
        }
        guard isWanted else { throw CancellationError() }
        return self.buffer()
    }

    /// The next piece; nil at the end.
    private func next() -> TupleBuffer? {
        monitor.wait {
            !$0.full.isEmpty || $0.end != nil
        } then: {
            $0.full.isEmpty ? nil : $0.full.removeFirst()
        }
    }

}
