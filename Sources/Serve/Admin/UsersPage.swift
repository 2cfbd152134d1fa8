import Hummingbird
import Jinja
import Orchestrate

extension Site {
    /// Who gets in: users and tokens.
    var userRoutes: [Route] {
        [
            .get("/admin/users", .administer) { request, context in try await userPage(request, context) },
            .post("/admin/users", .administer) { request, context in
                let form = try await Doorman.form(request, context)
                let name = form["name"] ?? ""
                try await access.setUser(
                    name, role: Role(rawValue: form["role"] ?? "") ?? .viewer, password: form["password"] ?? "")
                return try await userPage(request, context, notice: "'\(name)' may log in now.")
            },
            .post("/admin/users/remove", .administer) { request, context in
                let form = try await Doorman.form(request, context)
                let name = form["name"] ?? ""
                guard try await access.removeUser(name) else { throw Problem.notFound("user '\(name)'") }
                return try await userPage(request, context, notice: "'\(name)' is gone, with all sessions and tokens.")
            },
            .post("/admin/tokens", .administer) { request, context in
                let form = try await Doorman.form(request, context)
                let secret = try await access.makeToken(
                    form["label"] ?? "", of: form["user"] ?? "", role: Role(rawValue: form["role"] ?? "") ?? .viewer)
                return try await userPage(request, context, secret: secret)
            },
            .post("/admin/tokens/remove", .administer) { request, context in
                let form = try await Doorman.form(request, context)
                guard try await access.removeToken(form["label"] ?? "", of: form["user"] ?? "") else {
                    throw Problem.notFound("such token")
                }
                return .seeOther("/admin/users")
            },
        ]
    }

    private func userPage(
        _ request: Request, _ context: RequestFrame, notice: String? = nil, secret: String? = nil
    ) async throws -> Response {
        let now = clock.now()
        let values: [String: Value] = [
            "users": Value(
                try await access.users().map {
                    Value([
                        "name": .string($0.name), "role": .string($0.role.rawValue),
                        "created": Moment.value($0.createdAt, now: now),
                    ])
                }),
            "tokens": Value(
                try await access.tokens().map {
                    Value([
                        "label": .string($0.label), "user": .string($0.user), "role": .string($0.role.rawValue),
                        "created": Moment.value($0.createdAt, now: now),
                    ])
                }),
            "roles": Value(Role.allCases.map(\.rawValue)), "notice": Value(notice), "secret": Value(secret), "tab": "Users",
        ]
        return try pages.page("users.html", values, for: request, context, section: "Admin")
    }
}
