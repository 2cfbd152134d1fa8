import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// What Airbyte's API says beside sources, destinations and connections: health, tokens, workspaces, definitions of connectors.
struct AirbyteSystem: Sendable {
    let site: Site

    private var project: LeatProject { site.project }

    var routes: [Route] {
        let prefix = AirbyteAPI.prefix
        return [
            .get("\(prefix)/health", nil) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: "Successful operation")))
            },
            .post("\(prefix)/applications/token", nil) { request, context in try await token(request, context) },
            .get("\(prefix)/workspaces", .look) { request, _ in
                try AirbyteAPI.page(AirbyteAPI.isWanted(project, request) ? [workspace] : [], request)
            },
            .get("\(prefix)/workspaces/:workspace", .look) { _, context in
                try site.checkWorkspace(context)
                return Response(json: workspace)
            },
            .post("\(prefix)/workspaces", .administer) { _, _ in throw onlyOne },
            .patch("\(prefix)/workspaces/:workspace", .administer) { _, _ in throw onlyOne },
            .delete("\(prefix)/workspaces/:workspace", .administer) { _, _ in throw onlyOne },
            .get("\(prefix)/users", .look) { _, context in
                let name = context.visitor?.name ?? ""
                return Response(
                    json: [
                        "data": [["id": .string(EntryID.of("user", name).text), "name": .string(name), "email": .string(name)]]
                    ])
            },
            .get("\(prefix)/organizations", .look) { _, _ in
                let id = EntryID.of("organization", project.name).text
                return Response(
                    json: [
                        "data": [["organizationId": .string(id), "organizationName": .string(project.name), "email": ""]]
                    ])
            },
            .get("\(prefix)/permissions", .look) { _, context in
                guard let visitor = context.visitor else { return Response(json: ["data": []]) }
                return Response(json: ["data": [permission(of: visitor)]])
            },
            .get("\(prefix)/tags", .look) { _, _ in Response(json: ["data": []]) },
        ]
    }

    private var onlyOne: Problem {
        Problem(.conflict, "a project is one workspace", hint: "begin another project in a folder of its own")
    }

    private var workspace: JSON {
        [
            "workspaceId": .string(AirbyteAPI.workspace(of: project).text), "name": .string(project.name),
            "dataResidency": "auto",
            "notifications": .object(JSON.Members()),
        ]
    }

    /// What the one who asks may do, in Airbyte's words.
    private func permission(of visitor: Visitor) -> JSON {
        let word =
            switch visitor.role {
            case .viewer: "reader"
            case .operator: "runner"
            case .editor: "editor"
            case .admin: "admin"
            }
        return [
            "permissionId": .string(EntryID.of("permission", visitor.name).text), "permissionType": .string("workspace_\(word)"),
            "userId": .string(EntryID.of("user", visitor.name).text), "scope": "workspace",
            "scopeId": .string(AirbyteAPI.workspace(of: project).text),
        ]
    }

    // MARK: Tokens

    /// A bearer token for a user's name and password, or for a user's name and one of the user's tokens, as Airbyte's applications
    /// have them. The document may be JSON or a form.
    private func token(_ request: Request, _ context: RequestFrame) async throws -> Response {
        var name: String?
        var secret: String?
        if request.headers[.contentType]?.hasPrefix("application/x-www-form-urlencoded") == true {
            let form = try await FormFields(body: request)
            (name, secret) = (form["client_id"], form["client_secret"])
        } else {
            let body = try await Doorman.json(request, context)
            (name, secret) = (body["client_id"]?.string, body["client_secret"]?.string)
        }
        guard let name, let secret else {
            throw Problem(.badRequest, "client_id or client_secret is missing", hint: "they are the name and password of a user")
        }
        if let visitor = try await site.access.visitor(token: secret), visitor.name == name {
            return answer(secret)
        }
        guard let user = try await site.gatekeeper.checkedUser(name, password: secret, from: context.remoteAddress) else {
            throw Problem(
                .unauthorized, "client_id or client_secret is wrong", hint: "an admin can set another: leat user set NAME")
        }
        return answer(try await site.access.makeSession(of: user).text)
    }

    private func answer(_ token: String) -> Response {
        Response(json: ["access_token": .string(token), "token_type": "Bearer", "expires_in": 900])
    }
}

extension Site {
    /// - Throws: `Problem` 404 where the path names another workspace than the project.
    func checkWorkspace(_ context: RequestFrame) throws {
        let text = try context.part("workspace")
        guard UUID(uuidString: text) == AirbyteAPI.workspace(of: project) else { throw Problem.notFound("workspace '\(text)'") }
    }
}
