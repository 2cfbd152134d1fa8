package import Diagnostics
import Foundation

/// How a cluster is reached, and as whom.
///
/// ```swift
/// let client = try KubernetesClient(.load())
/// ```
package struct ClusterConfiguration: Sendable {
    /// `https://host:port`, perhaps with a path, without a slash at the end.
    package var server: String
    package let host: String
    /// PEM of the authorities that the server's certificate is checked against; nil for the system's.
    package var authority: [UInt8]?
    package var skipsVerification = false
    /// The name in the server's certificate, where it is not the host.
    package var serverName: String?
    package var proxy: Proxy?
    package var credentials = Credentials.none
    package var clientCertificate: ClientCertificate?
    package var impersonation = Impersonation()
    /// Where objects are looked for if nobody says otherwise.
    package var namespace = "default"
    package var contextName: String?

    /// A proxy that connections go through.
    package struct Proxy: Sendable, Hashable {
        package enum Kind: Sendable, Hashable { case http, socks }
        package let kind: Kind
        package let host: String
        package let port: Int
        package let user: String?
        package let password: String?

        /// - Throws: `KubernetesError` for an address that is no proxy's, or of a kind that is not spoken.
        package init(_ address: String, at location: SourceLocation? = nil) throws {
            guard let url = URLComponents(string: address), let host = url.host, !host.isEmpty else {
                throw KubernetesError(.badConfiguration, "'\(address)' is not the address of a proxy", location: location)
            }
            switch url.scheme {
            case "http": (kind, port) = (.http, url.port ?? 80)
            case "socks5": (kind, port) = (.socks, url.port ?? 1080)
            default:
                throw KubernetesError(
                    .badConfiguration, "a proxy is reached by http:// or socks5://, not by '\(url.scheme ?? "")://'",
                    location: location)
            }
            self.host = host
            user = url.user
            password = url.password
        }
    }

    /// - Parameter server: the address of the API server.
    /// - Throws: `KubernetesError` where it is none.
    package init(server: String, at location: SourceLocation? = nil) throws {
        var server = server
        while server.hasSuffix("/") { server.removeLast() }
        if !server.contains("://") { server = "http://" + server }
        guard let url = URLComponents(string: server), let host = url.host, !host.isEmpty,
            url.scheme == "https" || url.scheme == "http"
        else {
            throw KubernetesError(
                .badConfiguration, "'\(server)' is not the address of an API server", location: location,
                hint: "write https://host:port")
        }
        self.server = server
        self.host = host
    }

    var usesTLS: Bool { server.hasPrefix("https:") }

    /// As kubectl finds it: the files of KUBECONFIG, or ~/.kube/config; in a pod without these its service account.
    /// - Parameters:
    ///   - context: the name of a context of the kubeconfig; nil for the current one.
    ///   - serviceAccount: the folder that a pod finds its account in.
    /// - Throws: `KubernetesError` where there is nothing of it, or something is wrong in it.
    package static func load(
        context: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        serviceAccount: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws -> ClusterConfiguration {
        var paths: [String] = []
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            paths = list.split(separator: ":").map(String.init)
        } else if let home = environment["HOME"] {
            paths = [home + "/.kube/config"]
        }
        if paths.contains(where: { FileManager.default.fileExists(atPath: $0) }) {
            return try Kubeconfig(paths: paths).configuration(context: context)
        }
        if let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            FileManager.default.fileExists(atPath: serviceAccount + "/token")
        {
            return try inCluster(host, environment["KUBERNETES_SERVICE_PORT"] ?? "443", serviceAccount)
        }
        if environment["KUBECONFIG"]?.isEmpty == false {
            throw KubernetesError(
                .noConfiguration, "none of the files that KUBECONFIG names is there: \(paths.joined(separator: ", "))",
                hint: "set KUBECONFIG to the kubeconfig of your cluster")
        }
        throw KubernetesError(
            .noConfiguration, "there is no kubeconfig, and this is no pod of a cluster",
            hint: "set KUBECONFIG, or make ~/.kube/config; for a cluster of your own: make cluster-create")
    }

    private static func inCluster(_ host: String, _ port: String, _ folder: String) throws -> ClusterConfiguration {
        var configuration = try ClusterConfiguration(
            server: "https://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)")
        configuration.authority = FileManager.default.contents(atPath: folder + "/ca.crt").map(Array.init)
        configuration.credentials = .tokenFile(folder + "/token")
        if let text = try? String(contentsOfFile: folder + "/namespace", encoding: .utf8) {
            let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if !name.isEmpty { configuration.namespace = name }
        }
        return configuration
    }
}

/// As whom requests are made.
package enum Credentials: Sendable {
    /// As nobody, or as who a client certificate says.
    case none
    case token(String)
    /// Read anew as it rotates.
    case tokenFile(String)
    case basic(user: String, password: String)
    case exec(ExecPlugin)
}

/// A certificate that this side shows, with its key; both PEM.
package struct ClientCertificate: Sendable, Hashable {
    package let certificate: [UInt8]
    package let key: [UInt8]

    package init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }
}

/// Somebody else, whom requests are made for.
package struct Impersonation: Sendable {
    package var user: String?
    package var uid: String?
    package var groups: [String] = []
    package var extra: [(String, String)] = []
}
