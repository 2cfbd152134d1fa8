import HTTPTypes
import Hummingbird
import Jinja

extension Site {
    /// Logging in and out, and the choice between light and dark.
    var loginRoutes: [Route] {
        [
            .get("/login", nil) { request, context in
                try pages.page(
                    "login.html", ["next": .string(Paths.local(request.fields["next"])), "name": ""], for: request, context)
            },
            .post("/login", nil) { request, context in try await logIn(request, context) },
            .post("/logout", .look) { request, context in
                _ = try await Doorman.form(request, context)
                if let session = context.visitor?.session { try await access.end(session) }
                var response = Response.seeOther("/login")
                response.setCookie(sessionCookie("", maxAge: 0))
                return response
            },
            .post("/theme", .look) { request, context in
                let form = try await Doorman.form(request, context)
                var response = Response.seeOther(Paths.local(form["back"]))
                let theme = form["theme"] == "dark" ? "dark" : "light"
                response.setCookie(
                    Cookie(name: "leat_theme", value: theme, maxAge: 31_536_000, path: "/", secure: isSecure, sameSite: .lax))
                return response
            },
        ]
    }

    private func logIn(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let form = try await FormFields(body: request)
        let name = form["name"] ?? ""
        let user = try await gatekeeper.checkedUser(name, password: form["password"] ?? "", from: context.remoteAddress)
        guard let user else {
            let values: [String: Value] = [
                "problem": "The name or the password is wrong.", "name": .string(name),
                "next": .string(Paths.local(form["next"])),
            ]
            return try pages.page("login.html", values, for: request, context, status: .unauthorized)
        }
        let session = try await access.makeSession(of: user)
        var response = Response.seeOther(Paths.local(form["next"]))
        response.setCookie(sessionCookie(session.text, maxAge: Int(AccessStore.sessionLifetime.components.seconds)))
        return response
    }

    /// Out of reach of scripts, and of requests that other sites send.
    private func sessionCookie(_ value: String, maxAge: Int) -> Cookie {
        Cookie(
            name: Gatekeeper.cookieName, value: value, maxAge: maxAge, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax
        )
    }
}
