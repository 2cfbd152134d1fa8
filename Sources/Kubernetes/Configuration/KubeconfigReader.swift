import Diagnostics
import Documents
import Foundation

/// Makes a configuration of the entries of one cluster and one user.
struct KubeconfigReader {
    let cluster: Kubeconfig.Entry
    let user: Kubeconfig.Entry?

    mutating func configuration() throws -> ClusterConfiguration {
        let node = cluster.node
        guard let server = node["server"]?.string else {
            throw KubernetesError(.badConfiguration, "the cluster has no 'server'", location: node.location)
        }
        var configuration = try ClusterConfiguration(server: server, at: node["server"]?.location)
        configuration.authority = try bytes("certificate-authority", of: cluster)
        configuration.skipsVerification = node["insecure-skip-tls-verify"]?.bool ?? false
        configuration.serverName = text("tls-server-name", of: cluster)
        if let proxy = text("proxy-url", of: cluster) {
            configuration.proxy = try ClusterConfiguration.Proxy(proxy, at: node["proxy-url"]?.location)
        }
        if let user { try add(user, to: &configuration) }
        return configuration
    }

    private func add(_ user: Kubeconfig.Entry, to configuration: inout ClusterConfiguration) throws {
        let node = user.node
        if let certificate = try bytes("client-certificate", of: user) {
            guard let key = try bytes("client-key", of: user) else {
                throw KubernetesError(
                    .badConfiguration, "the user has a client certificate and no 'client-key'", location: node.location)
            }
            configuration.clientCertificate = ClientCertificate(certificate: certificate, key: key)
        }
        configuration.impersonation = Impersonation(
            user: text("as", of: user), uid: text("as-uid", of: user),
            groups: (node["as-groups"]?.items ?? []).map(\.scalarText),
            extra: (node["as-user-extra"]?.members ?? []).flatMap { member in
                (member.value.items ?? []).map { (member.key, $0.scalarText) }
            })
        if node["auth-provider"] != nil {
            throw KubernetesError(
                .badConfiguration, "'auth-provider' is no longer part of Kubernetes", location: node["auth-provider"]?.location,
                hint: "use 'exec' with the plugin of your provider")
        }
        // As for kubectl: a token file wins over a token, and both over a plugin.
        if let file = text("tokenFile", of: user) {
            configuration.credentials = .tokenFile(path(file, in: user.folder))
        } else if let token = text("token", of: user) {
            configuration.credentials = .token(token)
        } else if let name = text("username", of: user) {
            configuration.credentials = .basic(user: name, password: text("password", of: user) ?? "")
        } else if let exec = node["exec"] {
            configuration.credentials = .exec(try plugin(exec, in: user.folder, cluster: configuration))
        }
    }

    private func plugin(_ node: YAMLNode, in folder: String, cluster configuration: ClusterConfiguration) throws -> ExecPlugin {
        guard let command = node["command"]?.string else {
            throw KubernetesError(.badConfiguration, "'exec' needs a 'command'", location: node.location)
        }
        let version = node["apiVersion"]?.string ?? "client.authentication.k8s.io/v1"
        guard ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"].contains(version) else {
            throw KubernetesError(
                .badConfiguration, "'exec' has an apiVersion that is not known: '\(version)'",
                location: node["apiVersion"]?.location, hint: "use client.authentication.k8s.io/v1")
        }
        if node["interactiveMode"]?.string == "Always" {
            throw KubernetesError(
                .badConfiguration, "the plugin '\(command)' wants to ask a person, and nobody is here to answer",
                location: node["interactiveMode"]?.location, hint: "use a plugin that works without a terminal")
        }
        var info: JSON = ["kind": "ExecCredential", "apiVersion": .string(version)]
        var spec = JSON.Members([("interactive", .bool(false))])
        if node["provideClusterInfo"]?.bool == true {
            var cluster = JSON.Members([("server", .string(configuration.server))])
            if let authority = configuration.authority {
                cluster.append("certificate-authority-data", .string(Data(authority).base64EncodedString()))
            }
            if let name = configuration.serverName { cluster.append("tls-server-name", .string(name)) }
            if configuration.skipsVerification { cluster.append("insecure-skip-tls-verify", .bool(true)) }
            spec.append("cluster", .object(cluster))
        }
        if case .object(var members) = info {
            members.append("spec", .object(spec))
            info = .object(members)
        }
        return ExecPlugin(
            // A command with a slash is relative to the file, one without is found on PATH.
            command: command.contains("/") ? path(command, in: folder) : command,
            arguments: (node["args"]?.items ?? []).map(\.scalarText),
            environment: (node["env"]?.items ?? []).compactMap { item in
                item["name"].map { ($0.scalarText, item["value"]?.scalarText ?? "") }
            },
            info: info.text(), installHint: node["installHint"]?.string)
    }

    private func text(_ key: String, of entry: Kubeconfig.Entry) -> String? {
        guard let node = entry.node[key], !node.isNull, !node.scalarText.isEmpty else { return nil }
        return node.scalarText
    }

    /// What `key-data` holds, or the file that `key` names; the former wins.
    private func bytes(_ key: String, of entry: Kubeconfig.Entry) throws -> [UInt8]? {
        if let inline = text(key + "-data", of: entry) {
            guard let data = Data(base64Encoded: inline, options: .ignoreUnknownCharacters), !data.isEmpty else {
                throw KubernetesError(
                    .badConfiguration, "'\(key)-data' is not base64", location: entry.node[key + "-data"]?.location)
            }
            return Array(data)
        }
        guard let file = text(key, of: entry) else { return nil }
        let path = path(file, in: entry.folder)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw KubernetesError(
                .badConfiguration, "the file '\(path)' of '\(key)' cannot be read", location: entry.node[key]?.location)
        }
        return Array(data)
    }

    private func path(_ file: String, in folder: String) -> String { file.hasPrefix("/") ? file : folder + "/" + file }
}
