package import Diagnostics

/// What can go wrong in speaking to a cluster.
package struct KubernetesError: UserFacingError {
    /// The kinds; more may come, so switch with a default.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// A kubeconfig, or what it names, cannot be used.
        package static let badConfiguration = Code(rawValue: "kubernetes.bad_configuration")
        /// There is neither a kubeconfig nor a service account.
        package static let noConfiguration = Code(rawValue: "kubernetes.no_configuration")
        /// A program that gives credentials failed.
        package static let badCredentials = Code(rawValue: "kubernetes.bad_credentials")
        /// The server did not answer.
        package static let unreachable = Code(rawValue: "kubernetes.unreachable")
        /// The server does not know who asks.
        package static let unauthorized = Code(rawValue: "kubernetes.unauthorized")
        /// Who asks has not the right.
        package static let forbidden = Code(rawValue: "kubernetes.forbidden")
        package static let notFound = Code(rawValue: "kubernetes.not_found")
        package static let alreadyExists = Code(rawValue: "kubernetes.already_exists")
        package static let conflict = Code(rawValue: "kubernetes.conflict")
        /// The server, or a rule of the cluster, does not take the object.
        package static let invalid = Code(rawValue: "kubernetes.invalid")
        /// More is used than the namespace may.
        package static let quota = Code(rawValue: "kubernetes.quota")
        /// The version of a list is too old.
        package static let expired = Code(rawValue: "kubernetes.expired")
        package static let tooManyRequests = Code(rawValue: "kubernetes.too_many_requests")
        package static let badRequest = Code(rawValue: "kubernetes.bad_request")
        package static let serverFailed = Code(rawValue: "kubernetes.server_failed")
        /// Another process leads by now, or may.
        package static let leadLost = Code(rawValue: "kubernetes.lead_lost")
        /// The answer is not what the API promises.
        package static let badAnswer = Code(rawValue: "kubernetes.bad_answer")
    }

    package let kind: Code
    package let message: String
    package var location: SourceLocation?
    package var hint: String?
    package var details: [String]
    /// The HTTP status that the server answered with; nil where there was no answer.
    package var status: Int?

    package var code: String { kind.rawValue }

    package init(
        _ kind: Code, _ message: String, location: SourceLocation? = nil, hint: String? = nil, details: [String] = [],
        status: Int? = nil
    ) {
        self.kind = kind
        self.message = message
        self.location = location
        self.hint = hint
        self.details = details
        self.status = status
    }

    /// Whether the same request may go well a little later.
    package var isPassing: Bool {
        switch kind {
        case .unreachable, .tooManyRequests, .quota: true
        case .serverFailed: true
        default: false
        }
    }
}
