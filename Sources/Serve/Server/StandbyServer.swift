import Documents
import HTTPTypes
import Hummingbird

/// Answers in the place of a server that waits for the lead: it lives, and cannot be used yet.
package struct StandbyServer: Sendable {
    private let options: ServerOptions

    package init(options: ServerOptions) { self.options = options }

    /// Serves until the Swift task is cancelled.
    /// - Throws: `ServeError` with code `serve.cannot_listen` or `serve.bad_certificate`.
    package func run() async throws {
        let router = Router(context: RequestFrame.self)
        router.add(middleware: Answers())
        try await WebServer.serve(router, options) { _ in }
    }

    /// The same answer to everything.
    private struct Answers: RouterMiddleware {
        typealias Context = RequestFrame

        @concurrent func handle(
            _ request: Request, context: RequestFrame, next: @concurrent (Request, RequestFrame) async throws -> Response
        ) async throws -> Response {
            let isProbe = request.uri.path == "/health/live"
            var response = Response(json: ["status": "standby"], status: isProbe ? .ok : .serviceUnavailable)
            if !isProbe { response.headers[.retryAfter] = "5" }
            return response
        }
    }
}
