import Documents
import HTTPTypes
import Hummingbird

/// Lets a request through to its route, or says why not: permission, and that no other site has sent it.
struct Doorman {
    let route: Route

    /// - Throws: `Problem` 401 for nobody we know, 403 for who may not, or for a request from elsewhere.
    func check(_ request: Request, _ context: RequestFrame) throws {
        if request.method != .get, request.method != .head { try checkOrigin(of: request) }
        guard let permission = route.permission else { return }
        guard let visitor = context.visitor else {
            throw Problem(.unauthorized, "this needs a login", hint: "log in, or send a token: Authorization: Bearer ...")
        }
        guard visitor.role.allows(permission) else {
            throw Problem(
                .forbidden, "as \(visitor.role.rawValue) you may not \(permission.words)",
                hint: "an admin can give you another role")
        }
    }

    /// Browsers say where a request comes from; other programs say nothing.
    private func checkOrigin(of request: Request) throws {
        if let site = request.headers[.secFetchSite], !["same-origin", "none"].contains(site) { throw elsewhere }
        guard let origin = request.headers[.origin], let host = request.head.authority else { return }
        let name = origin.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last.map(String.init)
        guard name == host else { throw elsewhere }
    }

    /// The JSON document in `request`, at most 1 MB; an empty one is an empty object.
    ///
    /// Programs log in with each request. A page's script that acts with its session sends the session's token as a header.
    /// - Throws: `Problem` 403 where it does not, 400 for what is no JSON, 413 for what is too long.
    static func json(_ request: Request, _ context: RequestFrame) async throws -> JSON {
        let buffer = try await request.body.collect(upTo: 1 << 20)
        if let session = context.visitor?.session, !session.accepts(csrfToken: request.headers[.csrfToken] ?? "") {
            throw Problem(
                .forbidden, "the session's token is missing", hint: "send it as X-CSRF-Token, or log in with each request")
        }
        let bytes = Array(buffer.readableBytesView)
        guard bytes.contains(where: { $0 > 32 }) else { return .object(JSON.Members()) }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw Problem(.badRequest, "the document is no JSON: \(error.message)", hint: "send one JSON object")
        }
    }

    private var elsewhere: Problem {
        Problem(.forbidden, "the request comes from another site", hint: "use the forms of this server's own pages")
    }

    /// The fields of a form in `request`, whose token shows that one of our pages has sent it.
    /// - Throws: `Problem` 403 where it has not.
    static func form(_ request: Request, _ context: RequestFrame) async throws -> FormFields {
        let fields = try await FormFields(body: request)
        guard let session = context.visitor?.session else { return fields }
        let token = request.headers[.csrfToken] ?? fields["csrf"] ?? ""
        guard session.accepts(csrfToken: token) else {
            throw Problem(.forbidden, "the form is out of date", hint: "load the page again and repeat what you did")
        }
        return fields
    }
}

extension HTTPField.Name {
    static let csrfToken = HTTPField.Name("X-CSRF-Token") ?? .cookie
    static let leatToken = HTTPField.Name("X-Leat-Token") ?? .authorization
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .cookie
    static let requestID = HTTPField.Name("X-Request-ID") ?? .cookie
    static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options") ?? .cookie
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .cookie
    static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .cookie
}
