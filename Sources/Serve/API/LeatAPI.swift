import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// Leat's own API: what all its parts share.
struct LeatAPI: Sendable {
    let site: Site

    var routes: [Route] {
        systemRoutes + pipelineRoutes + runRoutes + taskRoutes + definitionRoutes + connectionRoutes + accessRoutes + dataRoutes
            + valueRoutes
    }

    typealias Work = @Sendable (Request, RequestFrame) async throws -> JSON

    /// A route whose answer is a document.
    func route(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission?, _ operation: APIOperation, _ work: @escaping Work
    ) -> Route {
        Route(method: method, path: APIOperation.prefix + path, permission: permission, operation: operation) {
            request, context in
            let json = try await work(request, context)
            switch operation.answer {
            case .created: return Response(json: json, status: .created)
            case .none: return Response(status: .noContent)
            default: return Response(json: json)
            }
        }
    }

    /// Who sends `If-Match` changes only what is still as it was read.
    /// - Throws: `Problem` 412.
    static func checkMatch(_ request: Request, _ current: JSON) throws {
        guard let wanted = request.headers[.ifMatch] else { return }
        guard wanted.namesEntityTag(Response.tag(current.bytes())) else {
            throw Problem(.preconditionFailed, "it has been changed meanwhile", hint: "read it again, and repeat the change")
        }
    }

    /// The document that was sent, if it has only members of these names; each has to be of the type that `schema` says.
    /// - Throws: `Problem` 400 or 422 that names the member.
    static func body(_ request: Request, _ context: RequestFrame, _ schema: JSON) async throws -> JSON {
        let body = try await Doorman.json(request, context)
        let problems: [String]
        do {
            problems = try ValueSchema(schema).problems(of: body, named: "the document")
        } catch {
            problems = []
        }
        if let problem = problems.first {
            var answer = Problem(.unprocessableContent, problem, hint: "\(APIOperation.prefix)/openapi.json says what is taken")
            answer.details = Array(problems.dropFirst().prefix(10))
            throw answer
        }
        return body
    }

    /// The part of a list that a query asks for.
    static func page(_ items: [JSON], _ request: Request) throws -> JSON {
        let (limit, offset) = try range(request)
        return page(Array(items.dropFirst(offset).prefix(limit)), total: items.count, limit: limit, offset: offset)
    }

    static func page(_ items: [JSON], total: Int, limit: Int, offset: Int) -> JSON {
        ["items": .array(items), "total": .int(total), "limit": .int(limit), "offset": .int(offset)]
    }

    static func range(_ request: Request) throws -> (limit: Int, offset: Int) {
        let fields = request.fields
        func number(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) throws -> Int {
            guard let text = fields[name] else { return standard }
            guard let number = Int(text), range.contains(number) else {
                throw Problem(
                    .badRequest, "\(name) is '\(text)'", hint: "it is a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        return (try number("limit", 50, 1...1000), try number("offset", 0, 0...1_000_000))
    }

    /// A word of a query that must be one of several.
    static func choice<T: RawRepresentable<String> & CaseIterable>(_ request: Request, _ name: String, _: T.Type) throws -> T? {
        guard let text = request.fields[name] else { return nil }
        guard let value = T(rawValue: text) else {
            throw Problem(
                .badRequest, "\(name) is '\(text)'", hint: "it is one of \(T.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    static func flag(_ request: Request, _ name: String) throws -> Bool? {
        guard let text = request.fields[name] else { return nil }
        guard let value = Bool(text) else { throw Problem(.badRequest, "\(name) is '\(text)'", hint: "it is true or false") }
        return value
    }
}

extension Timestamp {
    var json: JSON { .string(description) }
}

extension Timestamp? {
    var json: JSON { self?.json ?? .null }
}

extension Int? {
    var json: JSON { map { .int($0) } ?? .null }
}
