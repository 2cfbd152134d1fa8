package import Diagnostics

/// What is wrong with a YAML or JSON file of the user.
package struct DocumentError: UserFacingError {
    package enum Code: String, Sendable {
        case syntax = "document.syntax"
        case unreadable = "document.unreadable"
        case wrongType = "document.wrong_type"
        case missingKey = "document.missing_key"
        case unknownKey = "document.unknown_key"
        case duplicateKey = "document.duplicate_key"
        case badValue = "document.bad_value"
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
}
