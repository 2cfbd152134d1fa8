package import Documents

/// How the pods of a task look. What is nil is the cluster's own default.
package struct PodSettings: Sendable, Hashable {
    package enum DeletePolicy: String, Sendable, Hashable, CaseIterable {
        /// When its end is recorded.
        case always
        /// A pod that failed stays, to be looked at.
        case onSuccess = "on_success"
        case never
    }

    package var image: String
    package var imagePullPolicy: String?
    package var imagePullSecrets: [String] = []
    package var namespace: String
    package var serviceAccount: String?
    package var nodeSelector: [String: String] = [:]
    package var tolerations: JSON?
    package var affinity: JSON?
    package var requests: [String: String] = [:]
    package var limits: [String: String] = [:]
    /// Values that may be seen in the pod's specification.
    package var environment: [String: String] = [:]
    /// As in a container's `envFrom`.
    package var environmentFrom: [JSON] = []
    package var volumes: [JSON] = []
    package var volumeMounts: [JSON] = []
    /// As in a pod's and a container's `securityContext`; what is missing is taken from ``safePodSecurity`` and its like.
    package var podSecurity: JSON?
    package var containerSecurity: JSON?
    package var priorityClass: String?
    package var labels: [String: String] = [:]
    package var annotations: [String: String] = [:]
    /// A whole pod that all of this is laid over.
    package var template: JSON?
    /// Where leat.yml lies in the image.
    package var projectDirectory = "/project"
    /// How long a node may take to be found.
    package var schedulingTimeout = Duration.seconds(300)
    /// How long it may take from there until the container runs.
    package var startupTimeout = Duration.seconds(300)
    /// How long a node may be silent.
    package var nodeTimeout = Duration.seconds(300)
    package var gracePeriodSeconds = 30
    package var deletePolicy = DeletePolicy.always
    /// How long pods that stay are kept.
    package var ttl: Duration?

    package init(image: String, namespace: String) {
        self.image = image
        self.namespace = namespace
    }

    /// Not as root; the rules of "restricted" of the Pod Security Standards.
    static let safePodSecurity: JSON = [
        "runAsNonRoot": true, "runAsUser": 10_001, "runAsGroup": 10_001, "fsGroup": 10_001,
        "seccompProfile": ["type": "RuntimeDefault"],
    ]
    static let safeContainerSecurity: JSON = [
        "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
    ]
}
