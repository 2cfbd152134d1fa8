import Documents
import Hummingbird
import Orchestrate

extension LeatAPI {
    private static let userSchema = APISchemas.object(
        [("role", APISchemas.role), ("password", ["type": "string", "minLength": 8, "maxLength": 1000])])
    private static let tokenSchema = APISchemas.object(
        [("label", APISchemas.name), ("role", APISchemas.role)], [("user", APISchemas.name)])

    /// Users, tokens, and who did what.
    var accessRoutes: [Route] {
        [
            route(
                .get, "/me", .look,
                APIOperation(id: "me", summary: "Who asks, and as what", tag: "access", answer: .json(Self.meSchema))
            ) { _, context in
                ["name": .string(context.visitor?.name), "role": .string(context.visitor?.role.rawValue)]
            },
            route(
                .get, "/users", .administer,
                APIOperation(
                    id: "listUsers", summary: "Who may log in", tag: "access", query: APISchemas.paging,
                    answer: .json(APISchemas.page("User")))
            ) { request, _ in try Self.page(try await site.access.users().map(Self.document), request) },
            route(
                .put, "/users/:user", .administer,
                APIOperation(
                    id: "setUser", summary: "Add a user, or give one another role and password", tag: "access",
                    body: Self.userSchema, answer: .json(APISchemas.ref("User")))
            ) { request, context in
                let name = try context.part("user")
                let body = try await Doorman.json(request, context)
                // The password is looked at by itself, for errors quote what is wrong.
                guard let password = body["password"]?.string else {
                    throw Problem(.unprocessableContent, "the password is missing or no text")
                }
                guard let role = body["role"]?.string.flatMap(Role.init) else {
                    throw Problem(
                        .unprocessableContent, "the role is missing or unknown", hint: "viewer, operator, editor or admin")
                }
                try await site.access.setUser(name, role: role, password: password)
                try await site.store.note(
                    AuditEntry(author: site.author(context), action: "set user", details: ["name": .string(name)]))
                guard let user = try await site.access.users().first(where: { $0.name == name }) else {
                    throw Problem.notFound("user '\(name)'")
                }
                return Self.document(user)
            },
            route(
                .delete, "/users/:user", .administer,
                APIOperation(
                    id: "removeUser", summary: "Remove a user with all sessions and tokens", tag: "access", answer: .none)
            ) { _, context in
                let name = try context.part("user")
                guard try await site.access.removeUser(name) else { throw Problem.notFound("user '\(name)'") }
                try await site.store.note(
                    AuditEntry(author: site.author(context), action: "remove user", details: ["name": .string(name)]))
                return .null
            },
            route(
                .get, "/tokens", .look,
                APIOperation(
                    id: "listTokens", summary: "One's own tokens, without their secrets; an admin sees all", tag: "access",
                    query: APISchemas.paging, answer: .json(APISchemas.page("Token")))
            ) { request, context in
                let owner = context.visitor?.role == .admin ? nil : context.visitor?.name
                let tokens = try await site.access.tokens(of: owner).map { token -> JSON in
                    [
                        "label": .string(token.label), "user": .string(token.user), "role": .string(token.role.rawValue),
                        "created_at": token.createdAt.json,
                    ]
                }
                return try Self.page(tokens, request)
            },
            route(
                .post, "/tokens", .administer,
                APIOperation(
                    id: "createToken", summary: "Make a token for a user; its secret is shown this once", tag: "access",
                    body: Self.tokenSchema, answer: .created(Self.secretSchema))
            ) { request, context in
                let body = try await Self.body(request, context, Self.tokenSchema)
                let user = body["user"]?.string ?? context.visitor?.name ?? ""
                let label = body["label"]?.string ?? ""
                let role = body["role"]?.string.flatMap(Role.init) ?? .viewer
                let secret = try await site.access.makeToken(label, of: user, role: role)
                try await site.store.note(
                    AuditEntry(
                        author: site.author(context), action: "create token",
                        details: ["user": .string(user), "label": .string(label)]))
                return [
                    "label": .string(label), "user": .string(user), "role": .string(role.rawValue), "secret": .string(secret),
                ]
            },
            route(
                .delete, "/users/:user/tokens/:label", .administer,
                APIOperation(id: "removeToken", summary: "Remove a token", tag: "access", answer: .none)
            ) { _, context in
                let (user, label) = (try context.part("user"), try context.part("label"))
                guard try await site.access.removeToken(label, of: user) else { throw Problem.notFound("token '\(label)'") }
                return .null
            },
            route(
                .get, "/audit", .administer,
                APIOperation(
                    id: "audit", summary: "Who did what, the newest first", tag: "access", query: APISchemas.paging,
                    answer: .json(APISchemas.page("Event")))
            ) { request, _ in
                let entries = try await site.store.audit(limit: 10_000).map { entry -> JSON in
                    [
                        "at": entry.at.json, "who": .string(entry.author.name), "action": .string(entry.action),
                        "pipeline": .string(entry.pipeline?.rawValue), "run": .string(entry.run),
                        "task": .string(entry.task?.rawValue), "details": entry.details,
                    ]
                }
                return try Self.page(entries, request)
            },
        ]
    }

    private static let meSchema = APISchemas.object([("name", APISchemas.text), ("role", APISchemas.role)])
    private static let secretSchema = APISchemas.object([
        ("label", APISchemas.text), ("user", APISchemas.text), ("role", APISchemas.role), ("secret", APISchemas.text),
    ])

    private static func document(_ user: User) -> JSON {
        ["name": .string(user.name), "role": .string(user.role.rawValue), "created_at": user.createdAt.json]
    }
}
