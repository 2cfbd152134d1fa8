import Foundation
import HTTPTypes
import Hummingbird
import Orchestrate

/// Finds out who sends a request: the session in the cookie, or the token or password in the `Authorization` header.
struct Gatekeeper: RouterMiddleware {
    typealias Context = RequestFrame

    let access: AccessStore
    let throttle: LoginThrottle

    static let cookieName = "leat_session"

    @concurrent func handle(
        _ request: Request, context: RequestFrame, next: @concurrent (Request, RequestFrame) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.visitor = try await visitor(of: request, context)
        context.caller.name = context.visitor?.name
        return try await next(request, context)
    }

    private func visitor(of request: Request, _ context: RequestFrame) async throws -> Visitor? {
        if let header = request.headers[.authorization] { return try await visitor(authorization: header, context) }
        // For services that send webhooks, whose headers have fixed forms.
        if let token = request.headers[.leatToken] { return try await access.visitor(token: token) }
        guard let cookie = request.cookies[Self.cookieName]?.value else { return nil }
        let session = SessionSecret(cookie: cookie)
        guard let user = try await access.user(of: session) else { return nil }
        return Visitor(name: user.name, role: user.role, session: session)
    }

    private func visitor(authorization header: String, _ context: RequestFrame) async throws -> Visitor? {
        let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer":
            if let visitor = try await access.visitor(token: parts[1]) { return visitor }
            // A session that a program began holds no cookie, so no page of another site can act in it.
            return try await access.user(of: SessionSecret(cookie: parts[1])).map {
                Visitor(name: $0.name, role: $0.role, session: nil)
            }
        case "basic":
            guard let data = Data(base64Encoded: parts[1]), let text = String(data: data, encoding: .utf8),
                let colon = text.firstIndex(of: ":")
            else { return nil }
            let password = String(text[text.index(after: colon)...])
            let user = try await checkedUser(String(text[..<colon]), password: password, from: context.remoteAddress)
            return user.map { Visitor(name: $0.name, role: $0.role, session: nil) }
        default: return nil
        }
    }

    /// The user whose name and password these are.
    /// - Throws: `Problem` 429 for who has guessed too often.
    func checkedUser(_ name: String, password: String, from address: String) async throws -> User? {
        let now = access.clock.now()
        let keys = ["user \(name)", "address \(address)"]
        if let wait = throttle.wait(of: keys, at: now) {
            var problem = Problem(.tooManyRequests, "too many tries have failed", hint: "wait \(wait.shortText) and try again")
            problem.retryAfter = max(1, Int(wait.components.seconds))
            throw problem
        }
        guard let user = try await access.user(name, password: password) else {
            throttle.recordFailure(of: keys, at: now)
            return nil
        }
        throttle.recordSuccess(of: keys[0])
        return user
    }
}
