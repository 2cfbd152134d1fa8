import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Listens to server-sent events as a program does: with a token, each event as it comes.
final class EventClient: NSObject, URLSessionDataDelegate, Sendable {
    struct Event: Sendable, Hashable {
        let name: String
        let data: String
    }

    private let continuation: AsyncStream<Event>.Continuation
    private let rest = Mutex("")

    private init(_ continuation: AsyncStream<Event>.Continuation) { self.continuation = continuation }

    /// The events of an address until the server ends them.
    static func events(_ address: String, headers: [String: String]) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        let session = URLSession(configuration: .ephemeral, delegate: EventClient(continuation), delegateQueue: nil)
        var request = URLRequest(url: URL(string: address)!)
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let task = session.dataTask(with: request)
        continuation.onTermination = { _ in task.cancel() }
        task.resume()
        return stream
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let blocks = rest.withLock { rest in
            rest += String(decoding: data, as: UTF8.self)
            var parts = rest.components(separatedBy: "\n\n")
            rest = parts.removeLast()
            return parts
        }
        for block in blocks {
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2, !parts[0].isEmpty {
                    fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
                }
            }
            if let name = fields["event"] { continuation.yield(Event(name: name, data: fields["data"] ?? "")) }
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        continuation.finish()
        session.finishTasksAndInvalidate()
    }
}
