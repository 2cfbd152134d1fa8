import Diagnostics
import Documents

extension KubernetesError {
    /// What an answer that is no success means.
    init(status: Int, answer: [UInt8], to request: APIRequest, _ configuration: ClusterConfiguration) {
        let json = (try? JSON(parsing: answer)) ?? .null
        self.init(
            status: status, reason: json["reason"]?.string,
            said: json["message"]?.string
                ?? String(decoding: answer.prefix(300), as: UTF8.self), object: json, to: request, configuration)
    }

    /// What a `Status` object means.
    init(
        status: Int, reason: String?, said: String, object: JSON, to request: APIRequest, _ configuration: ClusterConfiguration
    ) {
        let kind = Self.code(status, reason, said)
        var details = said.isEmpty ? [] : ["the server says: \(said)"]
        let causes = object.at("details", "causes")?.array ?? []
        // The message of one cause says the same once more.
        if causes.count > 1 {
            details += causes.compactMap { cause in
                cause["message"]?.string.map { "\(cause["field"]?.string.map { "\($0): " } ?? "")\($0)" }
            }
        }
        self.init(
            kind, Self.message(kind, request, status), hint: Self.hint(kind, said, request, configuration), details: details,
            status: status)
    }

    private static func code(_ status: Int, _ reason: String?, _ said: String) -> Code {
        switch (status, reason) {
        case (401, _): .unauthorized
        case (403, _) where said.contains("exceeded quota"): .quota
        case (403, _) where said.contains("is forbidden: User") || said.contains("cannot"): .forbidden
        // Rules of the cluster (PodSecurity, admission webhooks, a namespace that is going) refuse by the same status.
        case (403, _): .invalid
        case (404, _): .notFound
        case (409, "AlreadyExists"): .alreadyExists
        case (409, _): .conflict
        case (410, _): .expired
        case (400, _): .badRequest
        case (422, _): .invalid
        case (429, _): .tooManyRequests
        case (500..., _): .serverFailed
        default: .badAnswer
        }
    }

    private static func message(_ kind: Code, _ request: APIRequest, _ status: Int) -> String {
        switch kind {
        case .unauthorized: "the API server does not accept the credentials"
        case .forbidden: "the right to \(request.words) is missing"
        case .quota: "the quota of the namespace '\(request.namespace ?? "")' is used up"
        case .notFound: "there is nothing to \(request.words)"
        case .alreadyExists: "there is one already: \(request.words)"
        case .conflict: "the object is not the one that was meant: \(request.words)"
        case .invalid: "the cluster refuses to \(request.words)"
        case .expired: "the version to \(request.words) from is too old"
        case .tooManyRequests: "the API server has too much to do to \(request.words)"
        default: "the API server answered with status \(status): \(request.words)"
        }
    }

    private static func hint(
        _ kind: Code, _ said: String, _ request: APIRequest, _ configuration: ClusterConfiguration
    ) -> String? {
        switch kind {
        case .forbidden:
            "give it a role with the verb '\(request.verb)' on '\(request.resource)'"
                + (request.namespace.map { " in the namespace '\($0)'" } ?? "") + ": deploy/kubernetes/base/rbac.yaml has all"
        case .unauthorized:
            configuration.contextName.map { "log in to the context '\($0)' again: kubectl --context \($0) auth whoami" }
        case .invalid where said.contains("PodSecurity"): "see 'security_context' in docs/kubernetes.md"
        case .invalid where said.contains("being terminated"): "wait until the namespace is gone, and create it again"
        case .notFound where said.contains("namespaces \""): "create it: kubectl create namespace \(request.namespace ?? "")"
        default: nil
        }
    }
}
