import Documents
import Hummingbird
import Orchestrate
import Project

extension LeatAPI {
    private static let variableSchema = APISchemas.object(
        [("value", APISchemas.anything)],
        [
            ("type", ["enum": .array(Variable.Kind.allCases.map { .string($0.rawValue) })]),
            ("description", APISchemas.maybeText),
            ("encrypted", APISchemas.flag),
        ])
    private static let secretSchema = APISchemas.object([("value", APISchemas.text)], [("description", APISchemas.maybeText)])

    private func vault(_ context: RequestFrame) -> Vault {
        ProjectVault.open(site.project, store: site.store, author: site.author(context))
    }

    /// Variables, and secrets, which can be written and never read.
    var valueRoutes: [Route] {
        [
            route(
                .get, "/variables", .edit,
                APIOperation(
                    id: "listVariables", summary: "All variables; those of leat.yml are read only, encrypted ones are hidden",
                    tag: "values", query: APISchemas.paging, answer: .json(APISchemas.page("Variable")))
            ) { request, context in try Self.page(try await variables(context), request) },
            route(
                .get, "/variables/:name", .edit,
                APIOperation(id: "getVariable", summary: "A variable", tag: "values", answer: .json(APISchemas.ref("Variable")))
            ) { _, context in try await variable(try context.part("name"), context) },
            route(
                .put, "/variables/:name", .edit,
                APIOperation(
                    id: "setVariable", summary: "Make or change a variable", tag: "values", body: Self.variableSchema,
                    answer: .json(APISchemas.ref("Variable")))
            ) { request, context in
                let name = try context.part("name")
                // What is wrong with the value is told by the vault, which hides what is to be encrypted.
                let body = try await Doorman.json(request, context)
                guard let value = body["value"] else { throw Problem(.unprocessableContent, "'value' is missing") }
                let type: Variable.Kind
                if let word = body["type"] {
                    guard let known = word.string.flatMap(Variable.Kind.init(rawValue:)) else {
                        throw Problem(.unprocessableContent, "'type' is unknown", hint: "string, int, float, bool or json")
                    }
                    type = known
                } else {
                    type = Variable.Kind(of: value)
                }
                try await vault(context).set(
                    try Variable(
                        name: name, type: type, value: value, description: body["description"]?.string,
                        isEncrypted: body["encrypted"]?.bool ?? false))
                return try await variable(name, context)
            },
            route(
                .delete, "/variables/:name", .edit,
                APIOperation(id: "removeVariable", summary: "Remove a variable", tag: "values", answer: .none)
            ) { _, context in
                try await vault(context).removeVariable(try context.part("name"))
                return .null
            },
            route(
                .get, "/secrets", .edit,
                APIOperation(
                    id: "listSecrets", summary: "The names of the secrets; their values are never shown", tag: "values",
                    query: APISchemas.paging, answer: .json(APISchemas.page("Secret")))
            ) { request, context in
                let secrets = try await vault(context).values().sealed.secrets
                return try Self.page(secrets.map(Self.document), request)
            },
            route(
                .put, "/secrets/:name", .edit,
                APIOperation(
                    id: "setSecret", summary: "Make or change a secret", tag: "values", body: Self.secretSchema,
                    answer: .json(APISchemas.ref("Secret")))
            ) { request, context in
                let name = try context.part("name")
                let body = try await Doorman.json(request, context)
                guard let value = body["value"]?.string else {
                    throw Problem(.unprocessableContent, "'value' is missing or no text")
                }
                try await vault(context).setSecret(name, value, description: body["description"]?.string)
                guard let secret = try await vault(context).values().sealed.secrets.first(where: { $0.name == name }) else {
                    throw Problem.notFound("secret '\(name)'")
                }
                return Self.document(secret)
            },
            route(
                .delete, "/secrets/:name", .edit,
                APIOperation(id: "removeSecret", summary: "Remove a secret", tag: "values", answer: .none)
            ) { _, context in
                try await vault(context).removeSecret(try context.part("name"))
                return .null
            },
        ]
    }

    private static func document(_ secret: SealedValues.StoredSecret) -> JSON {
        ["name": .string(secret.name), "description": .string(secret.description), "updated_at": secret.updatedAt.json]
    }

    private func variables(_ context: RequestFrame) async throws -> [JSON] {
        let stored = try await vault(context).values().sealed.variables
        let names = Set(stored.map(\.name))
        let ofFile = site.project.variables.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
        return stored.map(Self.document)
            + ofFile.map { name, value in
                [
                    "name": .string(name), "type": .string(Variable.Kind(of: value).rawValue), "value": value,
                    "description": .null,
                    "encrypted": false, "read_only": true, "updated_at": .null,
                ]
            }
    }

    private static func document(_ variable: SealedValues.StoredVariable) -> JSON {
        [
            "name": .string(variable.name), "type": .string(variable.type.rawValue),
            "value": variable.isEncrypted ? "***" : (try? JSON(parsing: variable.value)) ?? .null,
            "description": .string(variable.description), "encrypted": .bool(variable.isEncrypted), "read_only": false,
            "updated_at": variable.updatedAt.json,
        ]
    }

    private func variable(_ name: String, _ context: RequestFrame) async throws -> JSON {
        guard let found = try await variables(context).first(where: { $0["name"]?.string == name }) else {
            throw Problem.notFound("variable '\(name)'")
        }
        return found
    }
}
