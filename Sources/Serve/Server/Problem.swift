import Diagnostics
import Documents
import HTTPTypes
import Project

/// Why a request is not answered as it was meant: a status and words for a person.
///
/// Pages show it as a page, APIs as `application/problem+json` (RFC 9457).
struct Problem: Error {
    let status: HTTPResponse.Status
    let message: String
    var hint: String?
    /// A stable name, such as `project.unknown_key`.
    var code: String?
    var details: [String] = []
    /// The field that it is about, such as `config.port`.
    var field: String?
    /// After how many seconds it may be tried again.
    var retryAfter: Int?

    init(_ status: HTTPResponse.Status, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// What an error of Leat's own means to who asked: it is their project's or their input's, not the server's.
    init(_ error: any UserFacingError) {
        let place = error.location
        let field = place.flatMap(Self.field)
        let message = field == nil ? place.map { "\($0): \(error.message)" } : nil
        self.init(status: Self.status(of: error), message: message ?? error.message, hint: error.hint, field: field)
        code = error.code
        details = error.details
    }

    private init(status: HTTPResponse.Status, message: String, hint: String?, field: String?) {
        self.init(status, message, hint: hint)
        self.field = field
    }

    private static func status(of error: any UserFacingError) -> HTTPResponse.Status {
        switch error.code {
        case ProjectError.Code.readOnly.rawValue, ProjectError.Code.conflict.rawValue: .conflict
        case ProjectError.Code.forbidden.rawValue: .forbidden
        case "variable.unknown", "secret.unknown", "connection.unknown": .notFound
        default: .unprocessableContent
        }
    }

    /// The field of a definition that a place means: `config.port` for `sources.shop.config.port`.
    private static func field(_ place: SourceLocation) -> String? {
        guard place.line == nil, let section = Definition.Kind.allCases.first(where: { place.file.hasPrefix($0.section + ".") })
        else { return nil }
        // The entry's name may have dots of its own, its fields have none that a form or a program could not find by the end.
        let rest = place.file.dropFirst(section.section.count + 1)
        let keys = [".config", ".connector", ".streams", ".schedule", ".source", ".destination", ".name"]
        let first = keys.compactMap { rest.firstRange(of: $0)?.lowerBound }.min()
        return first.map { String(rest[$0...].dropFirst()) } ?? String(rest.split(separator: ".").last ?? rest)
    }

    static func notFound(_ what: String) -> Problem {
        Problem(.notFound, "there is no \(what)", hint: "it may have been removed or renamed")
    }

    var json: JSON {
        var members = JSON.Members([
            ("type", .string(code.map { "leat:\($0)" } ?? "about:blank")), ("title", .string(status.reasonPhrase)),
            ("status", .int(status.code)), ("detail", .string(message)),
        ])
        if let hint { members.append("hint", .string(hint)) }
        if let field { members.append("field", .string(field)) }
        if !details.isEmpty { members.append("details", .array(details.map { .string($0) })) }
        return .object(members)
    }
}
