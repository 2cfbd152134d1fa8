import Documents
import HTTPTypes
import Hummingbird

/// What the OpenAPI document says of a route. The document is made from the routes themselves, so that it, their permissions and the
/// router cannot disagree.
struct APIOperation: Sendable {
    /// A value of the query.
    struct Query: Sendable {
        let name: String
        let schema: JSON
        let summary: String

        init(_ name: String, _ schema: JSON, _ summary: String) {
            self.name = name
            self.schema = schema
            self.summary = summary
        }
    }

    enum Answer: Sendable {
        /// A document of this schema.
        case json(JSON)
        /// A document of what was made.
        case created(JSON)
        case none
        case text
        /// Server-sent events.
        case events
    }

    /// A name for generated clients, such as `listRuns`.
    let id: String
    let summary: String
    let tag: String
    var query: [Query] = []
    /// The schema of the document that is sent; nil where none is.
    var body: JSON?
    let answer: Answer

    static let prefix = "/api/leat/v1"
}

/// Writes the OpenAPI document of those of the routes that have an operation.
///
/// Source of the format: OpenAPI Specification 3.1.0.
struct OpenAPIDocument {
    let title: String
    let routes: [Route]

    var json: JSON {
        var paths: [String: JSON.Members] = [:]
        var order: [String] = []
        for route in routes {
            guard let operation = route.operation else { continue }
            let path = Self.path(route.path)
            if paths[path] == nil { order.append(path) }
            paths[path, default: JSON.Members()][route.method.rawValue.lowercased()] = Self.document(route, operation)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string("Leat: \(title)"), "version": "1",
                "description": "What the pages and the commands of Leat do. Errors are problem documents (RFC 9457).",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "security": [["token": []], ["password": []]],
            "paths": .object(JSON.Members(order.map { ($0, .object(paths[$0] ?? JSON.Members())) })),
            "components": [
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"], "password": ["type": "http", "scheme": "basic"],
                ],
                "schemas": .object(JSON.Members(APISchemas.components)),
            ],
        ]
    }

    /// `/runs/{run}` for `/runs/:run`.
    private static func path(_ path: String) -> String {
        path.split(separator: "/").map { $0.hasPrefix(":") ? "/{\($0.dropFirst())}" : "/\($0)" }.joined()
    }

    private static func document(_ route: Route, _ operation: APIOperation) -> JSON {
        let parts = route.path.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
        var parameters: [JSON] = parts.map { name in
            let schema: JSON = name == "attempt" ? ["type": "integer"] : ["type": "string", "minLength": 1]
            return ["name": .string(name), "in": "path", "required": true, "schema": schema]
        }
        parameters += operation.query.map { query in
            [
                "name": .string(query.name), "in": "query", "required": false, "schema": query.schema,
                "description": .string(query.summary),
            ]
        }
        var members: [(String, JSON)] = [
            ("operationId", .string(operation.id)), ("summary", .string(operation.summary)), ("tags", [.string(operation.tag)]),
            ("parameters", .array(parameters)), ("responses", responses(operation)),
        ]
        if let permission = route.permission {
            members.append(("x-permission", .string(permission.rawValue)))
        } else {
            members.append(("security", []))
        }
        if let body = operation.body {
            members.append(
                (
                    "requestBody",
                    .members([("required", true), ("content", .members([("application/json", .members([("schema", body)]))]))])
                ))
        }
        return .members(members)
    }

    private static func responses(_ operation: APIOperation) -> JSON {
        func content(_ type: String, _ schema: JSON) -> JSON {
            .members([("description", "done"), ("content", .members([(type, .members([("schema", schema)]))]))])
        }
        let (status, done): (String, JSON) =
            switch operation.answer {
            case .json(let schema): ("200", content("application/json", schema))
            case .created(let schema): ("201", content("application/json", schema))
            case .none: ("204", ["description": "done"])
            case .text: ("200", content("text/plain", ["type": "string"]))
            case .events: ("200", content("text/event-stream", ["type": "string"]))
            }
        return .members([
            (status, done),
            (
                "default",
                [
                    "description": "why it was not done",
                    "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
                ]
            ),
        ])
    }
}
