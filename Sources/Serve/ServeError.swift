import Diagnostics

/// What can go wrong in serving pages and APIs, as far as the one who runs the server reads it.
package struct ServeError: UserFacingError {
    /// The kinds; more may come, so switch with a default.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let accessUnreadable = Code(rawValue: "serve.access_unreadable")
        package static let badCertificate = Code(rawValue: "serve.bad_certificate")
        package static let badUser = Code(rawValue: "serve.bad_user")
        package static let cannotListen = Code(rawValue: "serve.cannot_listen")
    }

    package let kind: Code
    package let message: String
    package let hint: String?

    package var code: String { kind.rawValue }

    package init(_ kind: Code, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }
}
