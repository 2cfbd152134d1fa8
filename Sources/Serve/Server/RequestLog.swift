package import Documents
import HTTPTypes
import Hummingbird
package import Orchestrate
import Synchronization

/// A request that was answered, for a log. It has neither the query nor the document, which may hold secrets.
package struct RequestEntry: Sendable {
    /// The id that the answer has as `X-Request-ID`, and the lines of errors too.
    package let id: String
    package let time: Timestamp
    package let method: String
    package let path: String
    package let status: Int
    /// Until the answer began; events and downloads go on after it.
    package let duration: Duration
    /// nil for nobody we know.
    package let user: String?
    package let address: String

    /// As an object of a log in JSON.
    package var json: JSON {
        [
            "time": .string(time.description), "event": "request", "id": .string(id), "method": .string(method),
            "path": .string(path), "status": .int(status), "milliseconds": .double(milliseconds),
            "user": user.map { .string($0) } ?? .null, "address": .string(address),
        ]
    }

    /// As a line for people.
    package var text: String {
        // Paths are of whoever sends them: nothing in them may begin a line or move the cursor of a terminal.
        let path = String(path.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
        return "\(method) \(path) \(status) \(milliseconds) ms  \(user ?? "-") \(address) \(id)"
    }

    private var milliseconds: Double { Double(duration.inMicroseconds / 100) / 10 }
}

/// Tells of each request once it is answered.
struct RequestLog: RouterMiddleware {
    typealias Context = RequestFrame

    let clock: any RunClock
    let report: @Sendable (RequestEntry) -> Void

    @concurrent func handle(
        _ request: Request, context: RequestFrame, next: @concurrent (Request, RequestFrame) async throws -> Response
    ) async throws -> Response {
        let begin = ContinuousClock.now
        let time = clock.now()
        let response = try await next(request, context)
        report(
            RequestEntry(
                id: context.id, time: time, method: request.method.rawValue, path: request.uri.path, status: response.status.code,
                duration: begin.duration(to: .now), user: context.caller.name, address: context.remoteAddress))
        return response
    }
}

/// Who turned out to send a request, for the layers outside of the one that finds it out.
final class Caller: Sendable {
    private let value = Mutex<String?>(nil)

    var name: String? {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
