package import Documents
import Kubernetes

/// Makes the pod of an attempt.
package struct PodBuilder: Sendable {
    package let settings: PodSettings
    package let identity: PodIdentity
    /// The container that does the work.
    package static let containerName = "main"

    package init(settings: PodSettings, identity: PodIdentity) {
        self.settings = settings
        self.identity = identity
    }

    /// The secret that the pod owns. It has the pod's name.
    package var secretName: String { identity.name }

    /// The pod: its template, and over it what the settings say, field by field. Containers and the like are joined by name; a
    /// variable, a volume or a mount takes the place of its namesake.
    package func pod() -> JSON {
        var pod: JSON = ["apiVersion": "v1", "kind": "Pod"]
        if let template = settings.template { pod = Self.overlay(pod, template) }
        pod = Self.overlay(pod, ["metadata": metadata, "spec": spec])
        // Of the safe context only what neither the template nor the settings say.
        pod = Self.overlay(["spec": ["securityContext": PodSettings.safePodSecurity]], pod)
        return withSafeContainers(pod)
    }

    private var metadata: JSON {
        // The attempt's own labels win: by them it is found again.
        let labels = settings.labels.merging(identity.labels) { $1 }
        var annotations = settings.annotations.merging(identity.annotations) { $1 }
        annotations[PodIdentity.deleteAnnotation] = settings.deletePolicy.rawValue
        annotations[PodIdentity.ttlAnnotation] = settings.ttl.map { String(Int($0.inSeconds)) }
        return [
            "name": .string(identity.name), "namespace": .string(settings.namespace), "labels": JSON(texts: labels),
            "annotations": JSON(texts: annotations),
        ]
    }

    private var spec: JSON {
        var spec = JSON.Members([
            ("restartPolicy", "Never"), ("containers", .array([container])),
            // The pod has no business with the API server unless it is given an account of its own.
            ("automountServiceAccountToken", .bool(settings.serviceAccount != nil)),
            ("terminationGracePeriodSeconds", .int(settings.gracePeriodSeconds)), ("enableServiceLinks", false),
        ])
        if let account = settings.serviceAccount { spec.append("serviceAccountName", .string(account)) }
        if !settings.nodeSelector.isEmpty { spec.append("nodeSelector", JSON(texts: settings.nodeSelector)) }
        if let tolerations = settings.tolerations { spec.append("tolerations", tolerations) }
        if let affinity = settings.affinity { spec.append("affinity", affinity) }
        if let priority = settings.priorityClass { spec.append("priorityClassName", .string(priority)) }
        if !settings.volumes.isEmpty { spec.append("volumes", .array(settings.volumes)) }
        if !settings.imagePullSecrets.isEmpty {
            spec.append("imagePullSecrets", .array(settings.imagePullSecrets.map { name -> JSON in ["name": .string(name)] }))
        }
        if let security = settings.podSecurity { spec.append("securityContext", security) }
        return .object(spec)
    }

    private var container: JSON {
        var environment = settings.environment
        environment["LEAT_PROJECT_DIR"] = settings.projectDirectory
        let variables = environment.sorted { $0.key < $1.key }.map { entry -> JSON in
            ["name": .string(entry.key), "value": .string(entry.value)]
        }
        let secret: JSON = ["secretRef": ["name": .string(secretName)]]
        let arguments: JSON = ["task", "run", "--spec", "env"]
        var container = JSON.Members([
            ("name", .string(Self.containerName)), ("image", .string(settings.image)),
            ("args", arguments), ("env", .array(variables)), ("envFrom", .array([secret] + settings.environmentFrom)),
            ("terminationMessagePath", "/dev/termination-log"), ("terminationMessagePolicy", "File"),
        ])
        if let policy = settings.imagePullPolicy { container.append("imagePullPolicy", .string(policy)) }
        var resources = JSON.Members()
        if !settings.requests.isEmpty { resources.append("requests", JSON(texts: settings.requests)) }
        if !settings.limits.isEmpty { resources.append("limits", JSON(texts: settings.limits)) }
        if !resources.isEmpty { container.append("resources", .object(resources)) }
        if !settings.volumeMounts.isEmpty { container.append("volumeMounts", .array(settings.volumeMounts)) }
        if let security = settings.containerSecurity { container.append("securityContext", security) }
        return .object(container)
    }

    private func withSafeContainers(_ pod: JSON) -> JSON {
        guard case .object(var members) = pod, case .object(var spec)? = members["spec"] else { return pod }
        for key in ["containers", "initContainers"] {
            guard let containers = spec[key]?.array else { continue }
            spec[key] = .array(
                containers.map { Self.overlay(["securityContext": PodSettings.safeContainerSecurity], $0) })
        }
        members["spec"] = .object(spec)
        return .object(members)
    }

    /// Lists whose items are one choice of several, such as a variable's `value` or `valueFrom`, and by what they are told apart.
    private static let choices = ["env": "name", "volumes": "name", "volumeMounts": "mountPath"]

    /// `upper` laid over `lower`.
    /// - Parameter key: what they are the values of.
    static func overlay(_ lower: JSON, _ upper: JSON, at key: String = "") -> JSON {
        switch (lower, upper) {
        case (.object(var members), .object(let others)):
            for entry in others.entries {
                members[entry.key] = members[entry.key].map { overlay($0, entry.value, at: entry.key) } ?? entry.value
            }
            return .object(members)
        case (.array(let items), .array(let others)):
            let (choice, identity) = (choices[key] != nil, choices[key] ?? "name")
            guard let names = Self.names(items, identity), Self.names(others, identity) != nil else { return upper }
            var result = items
            for other in others {
                if let index = other[identity]?.string.flatMap({ names.firstIndex(of: $0) }) {
                    result[index] = choice ? other : overlay(result[index], other)
                } else {
                    result.append(other)
                }
            }
            return .array(result)
        default: return upper
        }
    }

    /// The names of a list's items, if all have one; tolerations and the like have none and are replaced as a whole.
    private static func names(_ items: [JSON], _ identity: String) -> [String]? {
        var names: [String] = []
        for item in items {
            guard let name = item[identity]?.string else { return nil }
            names.append(name)
        }
        return names
    }
}
