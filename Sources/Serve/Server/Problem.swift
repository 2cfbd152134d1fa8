import Diagnostics
import Documents
import HTTPTypes

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
    /// After how many seconds it may be tried again.
    var retryAfter: Int?

    init(_ status: HTTPResponse.Status, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// What an error of Leat's own means to who asked: it is their project's or their input's, not the server's.
    init(_ error: any UserFacingError, status: HTTPResponse.Status = .unprocessableContent) {
        self.init(status, error.location.map { "\($0): \(error.message)" } ?? error.message, hint: error.hint)
        code = error.code
        details = error.details
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
        if !details.isEmpty { members.append("details", .array(details.map { .string($0) })) }
        return .object(members)
    }
}
