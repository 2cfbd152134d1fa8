import Diagnostics
import Documents
import HTTPTypes
import Hummingbird
import Logging

/// Makes errors into answers: a page for people, a problem document for programs.
///
/// It stands both before and behind the gatekeeper, whose own errors are answered too; behind it, pages know the visitor.
struct ErrorAnswers: RouterMiddleware {
    typealias Context = RequestFrame

    let pages: PageRenderer

    @concurrent func handle(
        _ request: Request, context: RequestFrame, next: @concurrent (Request, RequestFrame) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return answer(to: error, request, context)
        }
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
            var document = problem.json.object ?? JSON.Members()
            document["request_id"] = .string(context.id)
            response = Response(json: .object(document), status: problem.status)
            response.headers[.contentType] = "application/problem+json"
        }
        // A challenge to give a password would have browsers ask for one in a window of their own.
        if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
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
