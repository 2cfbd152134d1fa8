package import Diagnostics
package import Postgres

/// Why a connector cannot be made, reached or used.
///
/// Never holds a password: values of secret fields are not quoted, and the errors of the server do not have them.
package struct ConnectorError: UserFacingError {
    /// What kind of failure it is; stable, so that docs/errors.md can list it.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// No connector of this name.
        package static let unknownConnector = Code(rawValue: "connector.unknown")
        /// The configuration has a field that is missing, unknown or of the wrong type.
        package static let configuration = Code(rawValue: "connector.configuration")
        /// The configuration asks for something that is not there yet.
        package static let unsupported = Code(rawValue: "connector.unsupported")
        /// The system behind the connector cannot be reached.
        package static let unreachable = Code(rawValue: "connector.unreachable")
        /// Reading failed.
        package static let source = Code(rawValue: "connector.source")
        /// A file holds what its format or its column does not allow; the place is in the file.
        package static let data = Code(rawValue: "connector.data")
        /// Writing failed.
        package static let destination = Code(rawValue: "connector.destination")
        /// A connector that is a program of its own could not be started, failed, or broke the protocol.
        package static let process = Code(rawValue: "connector.process")
        /// A right is missing.
        package static let permission = Code(rawValue: "connector.permission")
        /// Another sync writes the same.
        package static let busy = Code(rawValue: "connector.busy")
        /// What lies at the destination is in the way: a view, a table of somebody else, something that depends on a column.
        package static let conflict = Code(rawValue: "connector.conflict")
        /// The source sent what it should not: broken framing, fewer rows than it said.
        package static let integrity = Code(rawValue: "connector.integrity")
    }

    /// Who has to act, by Airbyte's names.
    package enum FailureType: String, Sendable {
        /// The user: the configuration or the rights are wrong, and trying again does not help.
        case config = "config_error"
        /// Nobody: the same may succeed a little later.
        case transient = "transient_error"
        /// We: something that should not happen.
        case system = "system_error"
    }

    package var kind: Code
    package var message: String
    package var location: SourceLocation?
    package var hint: String?
    package var details: [String]
    package var failureType: FailureType
    /// The field of the configuration that it is about, with those around it; empty where it is about none.
    package var field: [String] = []
    /// The server's error below this one.
    package var underlying: PostgresError?

    package var code: String { kind.rawValue }

    package init(
        _ kind: Code, _ message: String, hint: String? = nil, details: [String] = [], failureType: FailureType = .config
    ) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.details = details
        self.failureType = failureType
    }

    /// An error of the server while `what` was done, as `reading public.orders`.
    package init(_ kind: Code, while what: String, _ error: PostgresError, hint: String? = nil) {
        self.kind = kind
        message = "\(what): \(error.message)"
        location = error.location
        self.hint = hint ?? error.hint
        details = error.details
        failureType = error.isRetryable ? .transient : .system
        underlying = error
        switch error.kind {
        case .connectFailed, .connectTimeout:
            self.kind = .unreachable
            let isRefusal = error.sqlState.map { ["28", "3D"].contains($0.errorClass) } ?? false
            failureType = isRefusal ? .config : .transient
        case .tls:
            self.kind = .unreachable
            failureType = .config
        default:
            if error.sqlState == .insufficientPrivilege {
                self.kind = .permission
                failureType = .config
            }
        }
    }
}
