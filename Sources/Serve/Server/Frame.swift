import HTTPTypes
import Hummingbird

/// What goes with every answer: headers that guard the browser, and the request's id. What the reader has already is not sent again.
struct Frame: RouterMiddleware {
    typealias Context = RequestFrame

    /// Nothing but our own files runs or shows in a page, and no other site frames it.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "font-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    @concurrent func handle(
        _ request: Request, context: RequestFrame, next: @concurrent (Request, RequestFrame) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if let tag = response.headers[.eTag] {
            if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "private, no-cache" }
            let isRead = request.method == .get || request.method == .head
            if isRead, response.status == .ok, let known = request.headers[.ifNoneMatch], known.namesEntityTag(tag) {
                response = Response(
                    status: .notModified, headers: response.headers.filter { [.eTag, .cacheControl].contains($0.name) })
            }
        }
        response.headers[.requestID] = context.id
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.openerPolicy] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

extension String {
    /// Whether a header that lists entity tags, such as `If-None-Match`, has this one.
    func namesEntityTag(_ tag: String) -> Bool {
        split(separator: ",").contains { item in
            let text = item.drop { $0 == " " }.trimmingSpaces
            return text == "*" || text == tag || text.hasPrefix("W/") && text.dropFirst(2) == tag
        }
    }
}
