import Connectors
import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Definitions of connectors as Airbyte's API has them: what is built in, what people have defined, and the images that the project uses.
///
/// A definition is an image under a name. Sources and destinations are made with its id; each keeps the tag that it was made with.
struct AirbyteDefinitions: Sendable {
    let site: Site
    let kind: Definition.Kind

    private var path: String { "\(AirbyteAPI.prefix)/workspaces/:workspace/definitions/\(kind.section)" }

    var routes: [Route] {
        [
            .get(path, .look) { request, context in
                try site.checkWorkspace(context)
                return try AirbyteAPI.page(try await all().map(\.json), request, limit: 100)
            },
            // Whose image runs here decides what runs here.
            .post(path, .administer) { request, context in try await create(request, context) },
            .get("\(path)/:id", .look) { _, context in Response(json: try await found(context).json) },
            .put("\(path)/:id", .administer) { request, context in try await change(request, context) },
            .delete("\(path)/:id", .administer) { _, context in try await remove(context) },
        ]
    }

    /// One definition.
    struct Item: Sendable {
        let id: String
        let name: String
        let repository: String
        let tag: String
        var documentation: String?
        /// Whether somebody has defined it, and may change it.
        let isStored: Bool

        var json: JSON {
            [
                "id": .string(id), "name": .string(name), "dockerRepository": .string(repository), "dockerImageTag": .string(tag),
                "documentationUrl": .string(documentation ?? ""),
            ]
        }

        fileprivate var kept: JSON {
            [
                "name": .string(name), "repository": .string(repository), "tag": .string(tag),
                "documentation": .string(documentation),
            ]
        }
    }

    /// All of them, what is built in first.
    func all() async throws -> [Item] {
        let builtIn = ConnectorRegistry.builtIn.specs.filter { $0.role.rawValue == kind.rawValue }.map { spec in
            Item(
                id: AirbyteAPI.definitionID(kind, spec.name), name: spec.title,
                repository: spec.aliases.first { $0.contains("/") } ?? "leat/\(kind.rawValue)-\(spec.name)", tag: "built-in",
                isStored: false)
        }
        let stored = try await stored()
        var items = builtIn + stored
        let entries = kind == .source ? site.project.sources : site.project.destinations
        for entry in entries {
            guard case .image(let image, _) = entry.connector else { continue }
            let (repository, tag) = Self.parts(of: image)
            let id = AirbyteAPI.definitionID(kind, repository)
            if !items.contains(where: { $0.id == id }) {
                items.append(Item(id: id, name: repository, repository: repository, tag: tag, isStored: false))
            }
        }
        return items
    }

    /// The connector that a definition's id means, as leat.yml names it; nil for none.
    func connector(_ id: String) async throws -> JSON? {
        if let spec = ConnectorRegistry.builtIn.specs.first(where: {
            $0.role.rawValue == kind.rawValue && AirbyteAPI.definitionID(kind, $0.name) == id.lowercased()
        }) {
            return .string(spec.name)
        }
        return try await all().first { $0.id == id.lowercased() }.map { ["image": .string("\($0.repository):\($0.tag)")] }
    }

    /// An image's name without its tag, and the tag.
    static func parts(of image: String) -> (repository: String, tag: String) {
        // A colon before the last slash is that of a registry's port.
        let name = image.split(separator: "@", maxSplits: 1).first.map(String.init) ?? image
        guard let colon = name.lastIndex(of: ":"), name[colon...].firstIndex(of: "/") == nil else { return (name, "latest") }
        return (String(name[..<colon]), String(name[name.index(after: colon)...]))
    }

    // MARK: Those that are kept

    private static let scope = "airbyte.definitions"

    private func stored() async throws -> [Item] {
        let kept = try await site.store.value(of: kind.rawValue, in: Self.scope)?.object ?? JSON.Members()
        return kept.entries.compactMap { entry in
            guard let name = entry.value["name"]?.string, let repository = entry.value["repository"]?.string,
                let tag = entry.value["tag"]?.string
            else { return nil }
            return Item(
                id: entry.key, name: name, repository: repository, tag: tag, documentation: entry.value["documentation"]?.string,
                isStored: true)
        }
    }

    private func keep(_ items: [Item]) async throws {
        let value = JSON.object(JSON.Members(items.map { ($0.id, $0.kept) }))
        try await site.store.setValue(items.isEmpty ? nil : value, of: kind.rawValue, in: Self.scope)
    }

    private func found(_ context: RequestFrame) async throws -> Item {
        try site.checkWorkspace(context)
        let id = try context.part("id").lowercased()
        guard let item = try await all().first(where: { $0.id == id }) else {
            throw Problem.notFound("definition '\(id)' of a \(kind.rawValue)")
        }
        return item
    }

    private func create(_ request: Request, _ context: RequestFrame) async throws -> Response {
        try site.checkWorkspace(context)
        let body = try await Doorman.json(request, context)
        let repository = try text("dockerRepository", of: body)
        let item = Item(
            id: AirbyteAPI.definitionID(kind, repository), name: try text("name", of: body), repository: repository,
            tag: try text("dockerImageTag", of: body), documentation: body["documentationUrl"]?.string, isStored: true)
        let stored = try await stored()
        guard !stored.contains(where: { $0.id == item.id }) else {
            throw Problem(.conflict, "there is a definition of '\(repository)' already", hint: "change its tag with PUT")
        }
        try await keep(stored + [item])
        try await site.noteDefinition("create definition of a", kind, item.repository, context)
        return Response(json: item.json)
    }

    private func change(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let old = try await changeable(context)
        let body = try await Doorman.json(request, context)
        let item = Item(
            id: old.id, name: try text("name", of: body), repository: old.repository, tag: try text("dockerImageTag", of: body),
            documentation: old.documentation, isStored: true)
        try await keep(try await stored().map { $0.id == item.id ? item : $0 })
        try await site.noteDefinition("update definition of a", kind, item.repository, context)
        return Response(json: item.json)
    }

    private func remove(_ context: RequestFrame) async throws -> Response {
        let item = try await changeable(context)
        try await keep(try await stored().filter { $0.id != item.id })
        try await site.noteDefinition("delete definition of a", kind, item.repository, context)
        return Response(json: item.json)
    }

    private func changeable(_ context: RequestFrame) async throws -> Item {
        let item = try await found(context)
        guard item.isStored else {
            throw Problem(
                .conflict, "the definition of '\(item.name)' is no one's that could be changed here",
                hint: "it is built in, or used by the project")
        }
        return item
    }

    /// A text that an image's name or a title may be.
    /// - Throws: `Problem` 422.
    private func text(_ field: String, of body: JSON) throws -> String {
        let text = body[field]?.string ?? ""
        let isImage = field == "name" || text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/:".contains($0)) }
        guard !text.isEmpty, text.utf8.count <= 200, isImage, !text.hasPrefix("-") else {
            var problem = Problem(
                .unprocessableContent, text.isEmpty ? "'\(field)' is missing" : "'\(field)' cannot be '\(text.prefix(100))'",
                hint: "give name, dockerRepository and dockerImageTag, such as airbyte/source-faker and 7.2.1")
            problem.field = field
            throw problem
        }
        return text
    }
}

/// What Airbyte's API has and Leat has not. Each says so, and what to do instead.
struct AirbyteAbsences: Sendable {
    let site: Site

    var routes: [Route] {
        let prefix = AirbyteAPI.prefix
        let oauth = "workspaces/:workspace/oauthCredentials"
        let organization = "organizations/:organization/oauthCredentials"
        let declarative = "workspaces/:workspace/definitions/declarative_sources"
        return [
            .get("\(prefix)/\(declarative)", .look) { request, context in
                try site.checkWorkspace(context)
                return try AirbyteAPI.page([], request, limit: 100)
            },
            .get("\(prefix)/\(declarative)/:id", .look) { _, context in
                throw Problem.notFound("declarative definition '\(try context.part("id"))'")
            },
            absent(.post, declarative, .administer, Self.manifests),
            absent(.put, "\(declarative)/:id", .administer, Self.manifests),
            absent(.delete, "\(declarative)/:id", .administer, Self.manifests),
            absent(.post, "sources/initiateOAuth", .edit, Self.consent), absent(.put, oauth, .administer, Self.consent),
            absent(.delete, "\(oauth)/:actor/:name", .administer, Self.consent),
            absent(.put, organization, .administer, Self.consent),
            absent(.delete, "\(organization)/:actor/:name", .administer, Self.consent),
            absent(.post, "permissions", .administer, Self.roles), absent(.patch, "permissions/:id", .administer, Self.roles),
            absent(.delete, "permissions/:id", .administer, Self.roles),
            absent(.post, "tags", .edit, Self.tags), absent(.patch, "tags/:id", .edit, Self.tags),
            absent(.delete, "tags/:id", .edit, Self.tags),
            .get("\(prefix)/tags/:id", .look) { _, context in throw Problem.notFound("tag '\(try context.part("id"))'") },
        ]
    }

    private typealias Reason = (message: String, hint: String)

    private static let manifests: Reason = (
        "connectors made of a manifest are not kept by this API", "name an image that has it, by a definition of its own"
    )
    private static let consent: Reason = (
        "Leat does not ask other services for consent (OAuth)",
        "get a refresh token from the service by its own tools, and put it into the configuration with client_id and client_secret"
    )
    private static let roles: Reason = (
        "who may do what is a user's role in Leat", "leat user set NAME --role ROLE, or PATCH /api/leat/v1/users/NAME"
    )
    private static let tags: Reason = ("connections have no tags here", "pipelines have: tags in leat.yml")

    private func absent(_ method: HTTPRequest.Method, _ path: String, _ permission: Permission, _ reason: Reason) -> Route {
        Route(method: method, path: "\(AirbyteAPI.prefix)/\(path)", permission: permission) { _, _ in
            throw Problem(.notImplemented, reason.message, hint: reason.hint)
        }
    }
}
