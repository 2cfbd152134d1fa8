import Diagnostics
import Documents
import Foundation
import Kubernetes
import Orchestrate

/// What `kubernetes:` says of the pods of a project, a pipeline's defaults, a group or a task. What is nil is said further out.
package struct PodEntry: Sendable {
    var image: String?
    var imagePullPolicy: String?
    var imagePullSecrets: [String]?
    var namespace: String?
    var serviceAccount: String?
    var nodeSelector: [String: String]?
    var tolerations: JSON?
    var affinity: JSON?
    var requests: [String: String]?
    var limits: [String: String]?
    var environment: [String: String] = [:]
    var environmentFrom: [JSON] = []
    /// Variables that travel in the pod's secret: their values, or nil for what the scheduler's environment holds.
    var secrets: [String: String?] = [:]
    var volumes: [JSON] = []
    var volumeMounts: [JSON] = []
    var podSecurity: JSON?
    var containerSecurity: JSON?
    var priorityClass: String?
    var labels: [String: String] = [:]
    var annotations: [String: String] = [:]
    /// A file of the project, with a whole pod.
    var template: (path: String, location: SourceLocation)?
    var projectDirectory: String?
    var schedulingTimeout: Duration?
    var startupTimeout: Duration?
    var nodeTimeout: Duration?
    var gracePeriod: Duration?
    var deletePolicy: PodSettings.DeletePolicy?
    var ttl: Duration?
    let location: SourceLocation

    init(_ node: YAMLNode, of subject: String) throws {
        location = node.location
        let subject = "'kubernetes' of \(subject)"
        var keys = try YAMLMapping(node, of: subject)
        image = try keys.string("image")
        imagePullPolicy = try Self.choice("image_pull_policy", ["Always", "IfNotPresent", "Never"], &keys)
        imagePullSecrets = try keys.strings("image_pull_secrets")
        namespace = try keys.string("namespace")
        serviceAccount = try keys.string("service_account")
        nodeSelector = try Self.texts("node_selector", &keys)
        tolerations = try Self.list("tolerations", &keys).map { .array($0) }
        affinity = keys.optional("affinity")?.json
        if let resources = keys.optional("resources") {
            var inner = try YAMLMapping(resources, of: "'resources' of \(subject)")
            requests = try Self.texts("requests", &inner)
            limits = try Self.texts("limits", &inner)
            try inner.finish()
        }
        environment = try Self.texts("env", &keys) ?? [:]
        environmentFrom = try (keys.optional("env_from")?.items ?? []).map { try Self.source($0, of: subject) }
        if let node = keys.optional("secrets") { secrets = try Self.secrets(node) }
        volumes = try Self.list("volumes", &keys) ?? []
        volumeMounts = try Self.list("volume_mounts", &keys) ?? []
        podSecurity = keys.optional("security_context")?.json
        containerSecurity = keys.optional("container_security_context")?.json
        priorityClass = try keys.string("priority_class")
        labels = try Self.texts("labels", &keys) ?? [:]
        annotations = try Self.texts("annotations", &keys) ?? [:]
        template = keys.optional("template").map { ($0.scalarText, $0.location) }
        projectDirectory = try keys.string("project_dir")
        schedulingTimeout = try Self.duration("scheduling_timeout", &keys)
        startupTimeout = try Self.duration("startup_timeout", &keys)
        nodeTimeout = try Self.duration("node_timeout", &keys)
        gracePeriod = try Self.duration("grace_period", &keys)
        deletePolicy = try Self.choice("delete", PodSettings.DeletePolicy.allCases.map(\.rawValue), &keys)
            .flatMap { PodSettings.DeletePolicy(rawValue: $0) }
        ttl = try Self.duration("ttl", &keys)
        try keys.finish()
    }

    /// What this says, and where it says nothing, what `outer` says. Mappings of names to values are joined.
    func over(_ outer: PodEntry?) -> PodEntry {
        guard let outer else { return self }
        var entry = self
        entry.image = image ?? outer.image
        entry.imagePullPolicy = imagePullPolicy ?? outer.imagePullPolicy
        entry.imagePullSecrets = imagePullSecrets ?? outer.imagePullSecrets
        entry.namespace = namespace ?? outer.namespace
        entry.serviceAccount = serviceAccount ?? outer.serviceAccount
        entry.nodeSelector = nodeSelector ?? outer.nodeSelector
        entry.tolerations = tolerations ?? outer.tolerations
        entry.affinity = affinity ?? outer.affinity
        entry.requests = (outer.requests ?? [:]).merging(requests ?? [:]) { $1 }
        entry.limits = (outer.limits ?? [:]).merging(limits ?? [:]) { $1 }
        entry.environment = outer.environment.merging(environment) { $1 }
        entry.environmentFrom = outer.environmentFrom + environmentFrom
        entry.secrets = outer.secrets.merging(secrets) { $1 }
        entry.volumes = outer.volumes + volumes
        entry.volumeMounts = outer.volumeMounts + volumeMounts
        entry.podSecurity = podSecurity ?? outer.podSecurity
        entry.containerSecurity = containerSecurity ?? outer.containerSecurity
        entry.priorityClass = priorityClass ?? outer.priorityClass
        entry.labels = outer.labels.merging(labels) { $1 }
        entry.annotations = outer.annotations.merging(annotations) { $1 }
        entry.template = template ?? outer.template
        entry.projectDirectory = projectDirectory ?? outer.projectDirectory
        entry.schedulingTimeout = schedulingTimeout ?? outer.schedulingTimeout
        entry.startupTimeout = startupTimeout ?? outer.startupTimeout
        entry.nodeTimeout = nodeTimeout ?? outer.nodeTimeout
        entry.gracePeriod = gracePeriod ?? outer.gracePeriod
        entry.deletePolicy = deletePolicy ?? outer.deletePolicy
        entry.ttl = ttl ?? outer.ttl
        return entry
    }
}

// MARK: Reading

extension PodEntry {
    private static func texts(_ key: String, _ keys: inout YAMLMapping) throws -> [String: String]? {
        guard let node = keys.optional(key) else { return nil }
        guard let members = node.members else {
            throw DocumentError(
                .wrongType, "'\(key)' must be a mapping of names to values, but this is \(node.typeName)", location: node.location
            )
        }
        return Dictionary(members.map { ($0.key, $0.value.scalarText) }) { $1 }
    }

    private static func list(_ key: String, _ keys: inout YAMLMapping) throws -> [JSON]? {
        guard let node = keys.optional(key) else { return nil }
        guard let items = node.items else {
            throw DocumentError(.wrongType, "'\(key)' must be a list, but this is \(node.typeName)", location: node.location)
        }
        return items.map(\.json)
    }

    private static func choice(_ key: String, _ values: [String], _ keys: inout YAMLMapping) throws -> String? {
        guard let node = keys.optional(key) else { return nil }
        guard values.contains(node.scalarText) else {
            throw DocumentError(
                .badValue, "'\(key)' cannot be '\(node.scalarText)'", location: node.location,
                hint: Suggestion.hint(for: node.scalarText, in: values) ?? "it is one of: \(values.joined(separator: ", "))")
        }
        return node.scalarText
    }

    private static func duration(_ key: String, _ keys: inout YAMLMapping) throws -> Duration? {
        guard let node = keys.optional(key) else { return nil }
        return try located(at: node.location) { () throws(OrchestrateError) in try Duration(parsing: node.scalarText) }
    }

    /// `{secret: NAME}` or `{config_map: NAME}`, each with `prefix` and `optional`, or as in a container's own `envFrom`.
    private static func source(_ node: YAMLNode, of subject: String) throws -> JSON {
        if node["secretRef"] != nil || node["configMapRef"] != nil { return node.json }
        var keys = try YAMLMapping(node, of: "'env_from' of \(subject)")
        let secret = try keys.string("secret")
        let map = try keys.string("config_map")
        let prefix = try keys.string("prefix")
        let isOptional = try keys.bool("optional")
        try keys.finish()
        guard let name = secret ?? map, (secret == nil) != (map == nil) else {
            throw DocumentError(
                .badValue, "an entry of 'env_from' names either a 'secret' or a 'config_map'", location: node.location)
        }
        var reference = JSON.Members([("name", .string(name))])
        if let isOptional { reference.append("optional", .bool(isOptional)) }
        var source = JSON.Members([(secret == nil ? "configMapRef" : "secretRef", .object(reference))])
        if let prefix { source.append("prefix", .string(prefix)) }
        return .object(source)
    }

    private static func secrets(_ node: YAMLNode) throws -> [String: String?] {
        if let members = node.members { return Dictionary(members.map { ($0.key, $0.value.scalarText as String?) }) { $1 } }
        guard let items = node.items else {
            throw DocumentError(
                .wrongType, "'secrets' must be a list of variables, or a mapping of names to values", location: node.location)
        }
        return Dictionary(items.map { ($0.scalarText, nil as String?) }) { $1 }
    }
}
