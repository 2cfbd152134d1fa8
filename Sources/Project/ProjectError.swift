package import Diagnostics

/// What is wrong with a project as a whole: its leat.yml, or what was asked of it.
package struct ProjectError: UserFacingError {
    package enum Code: String, Sendable {
        case notFound = "project.not_found"
        case unreadable = "project.unreadable"
        case template = "project.template"
        case unknownReference = "project.unknown_reference"
        case badValue = "project.bad_value"
        case badTask = "project.bad_task"
        case ambiguous = "project.ambiguous"
        case nothingToDo = "project.nothing_to_do"
        /// What was made while Leat runs cannot be read.
        case definitionsUnreadable = "project.definitions_unreadable"
        /// It stands in leat.yml, or something there needs it.
        case readOnly = "project.read_only"
        /// There is another of that name, or it was changed meanwhile.
        case conflict = "project.conflict"
        /// People could not be told of what has happened.
        case notification = "project.notification"
        /// Who may change definitions may not do this with them.
        case forbidden = "project.forbidden"
    }

    package let kind: Code
    package let message: String
    package let location: SourceLocation?
    package let hint: String?
    package let details: [String]

    package var code: String { kind.rawValue }

    package init(
        _ kind: Code, _ message: String, location: SourceLocation? = nil, hint: String? = nil, details: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.location = location
        self.hint = hint
        self.details = details
    }

    /// A name that leads nowhere, with the nearest one that exists.
    static func unknown(
        _ what: String, _ name: String, among names: [String], of owner: String = "leat.yml", location: SourceLocation? = nil
    ) -> ProjectError {
        let all = names.isEmpty ? "\(owner) has none" : "\(owner) has: \(names.joined(separator: ", "))"
        return ProjectError(
            .unknownReference, "there is no \(what) '\(name)'", location: location,
            hint: Suggestion.hint(for: name, in: names) ?? all)
    }
}
