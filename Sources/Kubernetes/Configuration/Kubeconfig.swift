import Diagnostics
import Documents
import Foundation

/// The kubeconfig files of a user, merged: of entries with the same name the first counts, as for kubectl.
///
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
struct Kubeconfig {
    struct Entry {
        let node: YAMLNode
        /// Paths in the entry are relative to it.
        let folder: String
    }

    private(set) var clusters: [String: Entry] = [:]
    private(set) var users: [String: Entry] = [:]
    private(set) var contexts: [String: Entry] = [:]
    private(set) var currentContext: String?
    private let paths: [String]

    /// - Parameter paths: the files; those that are not there are passed over.
    /// - Throws: `KubernetesError` for a file that is no kubeconfig.
    init(paths: [String]) throws {
        self.paths = paths
        for path in paths where FileManager.default.fileExists(atPath: path) { try add(path) }
    }

    private mutating func add(_ path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw KubernetesError(
                .badConfiguration, "the kubeconfig '\(path)' cannot be read", location: SourceLocation(file: path),
                hint: "check its rights, and that it is UTF-8 text")
        }
        let root: YAMLNode?
        do {
            root = try YAMLDocument.parse(text, file: path)
        } catch {
            throw KubernetesError(
                .badConfiguration, "the kubeconfig is not valid YAML: \(error.message)",
                location: error.location ?? SourceLocation(file: path))
        }
        guard let root, root.members != nil else { return }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        func entries(_ key: String, _ inner: String) -> [(String, Entry)] {
            (root[key]?.items ?? []).compactMap { item in
                guard let name = item["name"]?.scalarText, let node = item[inner] else { return nil }
                return (name, Entry(node: node, folder: folder))
            }
        }
        clusters.merge(entries("clusters", "cluster")) { first, _ in first }
        users.merge(entries("users", "user")) { first, _ in first }
        contexts.merge(entries("contexts", "context")) { first, _ in first }
        if currentContext == nil, let current = root["current-context"]?.string, !current.isEmpty { currentContext = current }
    }

    /// The configuration of a context; of the current one where none is named.
    /// - Throws: `KubernetesError` where it, or what it names, is missing.
    func configuration(context wanted: String?) throws -> ClusterConfiguration {
        let files = paths.joined(separator: ", ")
        guard let name = wanted ?? currentContext else {
            throw KubernetesError(
                .badConfiguration, "the kubeconfig has no current context", location: SourceLocation(file: files),
                hint: "choose one: kubectl config use-context NAME")
        }
        guard let context = contexts[name]?.node else { throw missing("context", name, contexts.keys, files) }
        let clusterName = context["cluster"]?.scalarText ?? ""
        guard let cluster = clusters[clusterName] else { throw missing("cluster", clusterName, clusters.keys, files) }
        let userName = context["user"]?.scalarText ?? ""
        guard userName.isEmpty || users[userName] != nil else { throw missing("user", userName, users.keys, files) }
        var reader = KubeconfigReader(cluster: cluster, user: users[userName])
        var configuration = try reader.configuration()
        configuration.contextName = name
        if let namespace = context["namespace"]?.string, !namespace.isEmpty { configuration.namespace = namespace }
        return configuration
    }

    private func missing(_ what: String, _ name: String, _ names: some Collection<String>, _ files: String) -> KubernetesError {
        KubernetesError(
            .badConfiguration, "the kubeconfig has no \(what) '\(name)'", location: SourceLocation(file: files),
            hint: Suggestion.hint(for: name, in: names.sorted())
                ?? (names.isEmpty ? "it has none at all" : "it has: \(names.sorted().joined(separator: ", "))"))
    }
}
