/// Changes as true, and a false in between whenever nothing has come for some time.
struct EventPulse: AsyncSequence, Sendable {
    typealias Element = Bool

    private let stream: AsyncStream<Bool>

    init(_ changes: AsyncStream<Void>, every interval: Duration = .seconds(15)) {
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(2))
        let work = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in changes { continuation.yield(true) } }
                group.addTask {
                    while (try? await Task.sleep(for: interval)) != nil { continuation.yield(false) }
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in work.cancel() }
        self.stream = stream
    }

    func makeAsyncIterator() -> AsyncStream<Bool>.AsyncIterator { stream.makeAsyncIterator() }
}
