import AsyncHTTPClient
import Foundation
import NIOCore
import Synchronization

extension KubernetesClient {
    /// Reads a stream piece by piece; what takes them decides how fast it is read.
    ///
    /// - Parameters:
    ///   - silence: how long nothing may come.
    ///   - end: of a container; until then nothing may come for as long as it likes.
    ///   - take: is given each piece.
    /// - Throws: ``StreamSilent``; `KubernetesError` of kind `unreachable` where the connection broke.
    func readStream(
        _ request: APIRequest, silence: Duration, after end: ContainerEnd? = nil,
        _ take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let body = try await open(request)
        let pulse = Pulse()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [transport] in
                do {
                    for try await var piece in body {
                        pulse.count.withLock { $0 += 1 }
                        do {
                            try await take(piece.readBytes(length: piece.readableBytes) ?? [])
                        } catch {
                            throw TakerFailure(error: error)
                        }
                    }
                } catch let failure as TakerFailure {
                    throw failure.error
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    try Task.checkCancellation()
                    throw transport.unreachable(error)
                }
            }
            group.addTask { [clock] in
                await end?.wait()
                var last = -1
                while true {
                    let now = pulse.count.withLock { $0 }
                    if now == last { throw StreamSilent() }
                    last = now
                    try await clock.sleep(for: silence)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }
}

/// What a taker of pieces throws is for who reads the stream: it says nothing of the connection.
private struct TakerFailure: Error {
    let error: any Error
}

/// How often something was heard.
private final class Pulse: Sendable {
    let count = Mutex(0)
}

/// Nothing came on a stream for longer than can be: the other side is gone and nobody has said so.
struct StreamSilent: Error {}
