import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// What all parts of Airbyte's public API share.
///
/// Source: the OpenAPI document of Airbyte's public API, and what its Python client (airbyte-api 1.0) sends and takes.
enum AirbyteAPI {
    static let prefix = "/api/public/v1"

    /// The one workspace that a project is.
    static func workspace(of project: LeatProject) -> UUID { EntryID.of("workspace", project.name) }

    static func definitionID(_ kind: Definition.Kind, _ connector: String) -> String {
        // Airbyte's own ids of the connectors that have Leat's names.
        switch (kind, connector) {
        case (.source, "postgres"): "decd338e-5647-4c0b-adf4-da0e75f5a750"
        case (.destination, "postgres"): "25c5221d-dce2-4163-ade9-739ef790f503"
        case (.source, "file"): "778daa7c-feaf-4db6-96f3-70fd645acc77"
        default: EntryID.of("\(kind.rawValue)-definition", connector).text
        }
    }

    /// An id of a path or a document.
    /// - Throws: `Problem` 400.
    static func id(_ text: String?, _ name: String) throws -> UUID {
        guard let text, let id = UUID(uuidString: text) else {
            throw Problem(.badRequest, "\(name) is no UUID", hint: "ids look like decd338e-5647-4c0b-adf4-da0e75f5a750")
        }
        return id
    }

    /// The page of a list that a request asks for, with the links to those around it.
    static func page(_ items: [JSON], _ request: Request, limit standard: Int = 20) throws -> Response {
        let page = try AirbytePage(request, limit: standard)
        return page.response(Array(items[page.range(of: items.count)]), of: items.count)
    }

    /// Whether a list that asks for some workspaces is to have ours.
    static func isWanted(_ project: LeatProject, _ request: Request) -> Bool {
        let wanted = request.fields.all("workspaceIds").flatMap { $0.split(separator: ",") }
        return wanted.isEmpty || wanted.contains { $0.lowercased() == workspace(of: project).text }
    }
}

/// Which part of a list a request asks for: `limit` and `offset`.
struct AirbytePage {
    let limit: Int
    let offset: Int
    private let path: String
    /// The rest of the query.
    private let filters: [Substring]

    /// - Throws: `Problem` 400 for numbers that cannot be.
    init(_ request: Request, limit standard: Int = 20) throws {
        let fields = request.fields
        func number(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) throws -> Int {
            guard let text = fields[name], !text.isEmpty else { return standard }
            guard let number = Int(text), range.contains(number) else {
                throw Problem(
                    .badRequest, "\(name) is '\(text)'", hint: "it is a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        limit = try number("limit", standard, 1...100)
        offset = try number("offset", 0, 0...Int(Int32.max))
        path = request.uri.path
        filters = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("limit=") && !$0.hasPrefix("offset=") }
    }

    func range(of count: Int) -> Range<Int> { min(offset, count)..<min(offset + limit, count) }

    /// - Parameter items: those of the page.
    func response(_ items: [JSON], of total: Int) -> Response {
        func link(_ offset: Int) -> JSON {
            .string("\(path)?" + (filters + ["limit=\(limit)", "offset=\(offset)"]).joined(separator: "&"))
        }
        return Response(
            json: .members([
                ("data", .array(items)), ("next", offset + limit < total ? link(offset + limit) : ""),
                ("previous", offset > 0 ? link(max(0, offset - limit)) : ""),
            ]))
    }
}

extension Site {
    /// Airbyte's public API over the project's sources, destinations and connections, so that its clients go on working.
    var airbyteRoutes: [Route] {
        AirbyteSystem(site: self).routes + AirbyteActors(site: self, kind: .source).routes
            + AirbyteActors(site: self, kind: .destination).routes + AirbyteConnections(site: self).routes
            + AirbyteJobs(site: self).routes + AirbyteDefinitions(site: self, kind: .source).routes
            + AirbyteDefinitions(site: self, kind: .destination).routes + AirbyteAbsences(site: self).routes
    }

    /// What makes and changes sources, destinations and connections.
    var definitions: ProjectDefinitions {
        let store = store
        return ProjectDefinitions(current, changed: { store.ring() })
    }

    /// What the one who asks may define.
    func limits(_ context: RequestFrame) -> DefinitionLimits { context.visitor?.role == .admin ? .admin : .editor }

    /// The one who asks, for the records.
    func author(_ context: RequestFrame) -> Author { Author(context.visitor?.name ?? "nobody") }
}

extension EntryOrigin {
    /// When it was made, in seconds since 1970; 0 for what stands in the file.
    var createdAtSeconds: JSON {
        if case .made(_, _, let time) = self { return .int(Int(time.seconds)) }
        return 0
    }
}
