import Diagnostics
import Documents
import HTTPTypes
import Hummingbird
import Logging

/// What goes around every answer: headers that guard the browser, the request's id, and errors made readable.
struct Frame: RouterMiddleware {
    typealias Context = RequestFrame

    let pages: PageRenderer

    /// Nothing but our own files runs or shows in a page, and no other site frames it.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "font-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    @concurrent func handle(
        _ request: Request, context: RequestFrame, next: @concurrent (Request, RequestFrame) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(to: error, request, context)
        }
        response.headers[.requestID] = context.id
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.openerPolicy] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func answer(to error: any Error, _ request: Request, _ context: RequestFrame) -> Response {
        let problem = problem(of: error, request, context)
        if problem.status == .unauthorized, pages.isWanted(by: request), request.method == .get {
            return .redirect(to: "/login?next=\(FormFields.encode(request.uri.string))", type: .normal)
        }
        var response: Response
        if pages.isWanted(by: request) {
            response = pages.problem(problem, context)
        } else {
            response = Response(json: problem.json, status: problem.status)
            response.headers[.contentType] = "application/problem+json"
        }
        if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer, Basic realm=\"Leat\"" }
        if let seconds = problem.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }

    private func problem(of error: any Error, _ request: Request, _ context: RequestFrame) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as any UserFacingError: return Problem(error)
        case let error as any HTTPResponseError where error.status == .notFound:
            return .notFound("page '\(request.uri.path)'")
        case let error as any HTTPResponseError:
            return Problem(error.status, error.status.reasonPhrase.lowercased())
        default:
            context.logger.error("\(request.method) \(request.uri.path): \(error)")
            return Problem(
                .internalServerError, "something in Leat went wrong", hint: "the server's log has more, under the request's id")
        }
    }
}

extension Response {
    /// A JSON document.
    init(json: JSON, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes())))
    }

    /// A page.
    init(html: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// Shows another page after a form was sent.
    static func seeOther(_ path: String) -> Response { .redirect(to: path, type: .normal) }
}
