import Diagnostics
import Documents
import Foundation
import Kubernetes
import Orchestrate

extension PodEntry {
    /// The settings that pods are made of.
    ///
    /// Variables of the project or the environment with Airflow's names win over the file, so that they may be changed without it:
    /// DBT_IMAGE, DBT_JOB_NODE_SELECTOR (JSON), DBT_K8S_REQUESTS_CPU, DBT_K8S_REQUESTS_MEMORY, DBT_K8S_STARTUP_TIMEOUT_SECONDS.
    /// - Parameter namespace: that of the kubeconfig's context, where nothing else is said.
    /// - Throws: `ProjectError` or `DocumentError` at the place that is wrong.
    func settings(for task: String, of project: LeatProject, namespace: String) throws -> PodSettings {
        func variable(_ name: String) -> String? {
            let value = project.variables[name].map { $0.string ?? $0.text() } ?? project.environment[name]
            return value.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let image = variable("DBT_IMAGE") ?? image else {
            throw ProjectError(
                .badValue, "the task '\(task)' runs in a pod, and no image is named for it", location: location,
                hint: "write kubernetes: {image: ...}, or set DBT_IMAGE; 'leat image build' makes one of this project")
        }
        var settings = PodSettings(image: image, namespace: self.namespace ?? namespace)
        settings.imagePullPolicy = imagePullPolicy
        settings.imagePullSecrets = imagePullSecrets ?? []
        settings.serviceAccount = serviceAccount
        settings.nodeSelector = try variable("DBT_JOB_NODE_SELECTOR").map { try Self.selector($0) } ?? nodeSelector ?? [:]
        settings.tolerations = tolerations
        settings.affinity = affinity
        settings.requests = requests ?? [:]
        settings.limits = limits ?? [:]
        if let cpu = variable("DBT_K8S_REQUESTS_CPU") { settings.requests["cpu"] = cpu }
        if let memory = variable("DBT_K8S_REQUESTS_MEMORY") {
            // As in the platform that these names come from: what is asked for is the limit too.
            settings.requests["memory"] = memory
            settings.limits["memory"] = memory
        }
        settings.environment = environment
        settings.environmentFrom = environmentFrom
        settings.volumes = volumes
        settings.volumeMounts = volumeMounts
        settings.podSecurity = podSecurity
        settings.containerSecurity = containerSecurity
        settings.priorityClass = priorityClass
        settings.labels = labels
        settings.annotations = annotations
        settings.template = try template.map { try Self.template($0.path, at: $0.location, project) }
        if let projectDirectory { settings.projectDirectory = projectDirectory }
        if let schedulingTimeout { settings.schedulingTimeout = schedulingTimeout }
        if let startupTimeout { settings.startupTimeout = startupTimeout }
        if let text = variable("DBT_K8S_STARTUP_TIMEOUT_SECONDS") {
            guard let seconds = Int(text), seconds > 0 else {
                throw ProjectError(.badValue, "DBT_K8S_STARTUP_TIMEOUT_SECONDS is a number of seconds, not '\(text)'")
            }
            settings.startupTimeout = .seconds(seconds)
        }
        if let nodeTimeout { settings.nodeTimeout = nodeTimeout }
        if let gracePeriod { settings.gracePeriodSeconds = Int(gracePeriod.inSeconds) }
        if let deletePolicy { settings.deletePolicy = deletePolicy }
        settings.ttl = ttl
        return settings
    }

    /// The values of the pod's secret.
    /// - Throws: `ProjectError` for a variable that the environment does not have.
    func secretValues(_ project: LeatProject) throws -> [String: String] {
        // What `secret('NAME')` reads is needed wherever a task runs; the key of the store is not.
        var values = project.environment.filter { variable, _ in
            variable.hasPrefix("LEAT_SECRET_") && !variable.hasSuffix("_FILE") && variable != SecretKeySource.variable
        }
        for (name, value) in secrets {
            guard let value = value ?? project.environment[name] else {
                throw ProjectError(
                    .badValue, "the variable '\(name)' that pods are to have is not set", location: location,
                    hint: "set it where Leat runs, or take it off 'secrets'")
            }
            values[name] = value
        }
        return values
    }

    private static func selector(_ text: String) throws -> [String: String] {
        guard let labels = (try? JSON(parsing: text))?.object else {
            throw ProjectError(
                .badValue, "DBT_JOB_NODE_SELECTOR is not a JSON object: '\(text)'", hint: #"write {"component": "jobs"}"#)
        }
        var selector: [String: String] = [:]
        for entry in labels.entries {
            switch entry.value {
            case .string(let value): selector[entry.key] = value
            // As leat.yml takes them.
            case .bool, .int: selector[entry.key] = entry.value.text()
            default:
                throw ProjectError(
                    .badValue, "the value of '\(entry.key)' in DBT_JOB_NODE_SELECTOR is no text: '\(text)'",
                    hint: #"write {"component": "jobs"}"#)
            }
        }
        return selector
    }

    /// The pod of a template file.
    private static func template(_ path: String, at location: SourceLocation, _ project: LeatProject) throws -> JSON {
        guard let text = try? String(contentsOfFile: project.path(path), encoding: .utf8) else {
            throw ProjectError(
                .unknownReference, "the pod template '\(path)' cannot be read", location: location,
                hint: "it is looked for from the folder of \(LeatProject.fileName)")
        }
        guard let root = try YAMLDocument.parse(text, file: path), root["kind"]?.string == "Pod" else {
            throw ProjectError(
                .badValue, "the file '\(path)' is no pod", location: SourceLocation(file: path, line: 1),
                hint: "it needs: apiVersion: v1, kind: Pod, spec: ...")
        }
        return root.json
    }
}
