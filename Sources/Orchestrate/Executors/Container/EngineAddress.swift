import Foundation

/// Where the API of a container engine, Docker or Podman, is reached.
package enum EngineAddress: Sendable, Hashable, CustomStringConvertible {
    /// A socket in the file system.
    case socket(String)
    /// A host, without TLS.
    case host(String, port: Int)

    package var description: String {
        switch self {
        case .socket(let path): "unix://\(path)"
        case .host(let host, let port): "tcp://\(host):\(port)"
        }
    }

    /// What `DOCKER_HOST` or `CONTAINER_HOST` says; otherwise the first of the usual sockets that is there.
    /// - Throws: `TaskFailure` with code `container.no_engine`.
    package static func find(environment: [String: String]) throws(TaskFailure) -> EngineAddress {
        for name in ["DOCKER_HOST", "CONTAINER_HOST"] {
            guard let text = environment[name], !text.isEmpty else { continue }
            if let address = EngineAddress(text), environment["DOCKER_TLS_VERIFY"]?.isEmpty ?? true { return address }
            throw TaskFailure(
                "\(name) is '\(text)', which Leat cannot speak to", code: "container.no_engine",
                hint:
                    "it is unix:///path/to/socket, or tcp://host:port without TLS; `ssh -L` or a socket of the file system keep it private",
                isRetryable: false)
        }
        let runtime = environment["XDG_RUNTIME_DIR"].map { ["\($0)/podman/podman.sock", "\($0)/docker.sock"] } ?? []
        let usual = ["/var/run/docker.sock", "/run/podman/podman.sock"] + runtime
        if let path = usual.first(where: { access($0, R_OK | W_OK) == 0 }) { return .socket(path) }
        throw TaskFailure(
            "there is no container engine: none of \(usual.joined(separator: ", ")) can be used", code: "container.no_engine",
            hint: "start Docker, or `podman system service --time 0`, and set DOCKER_HOST where its socket is elsewhere",
            isRetryable: false)
    }

    private init?(_ text: String) {
        if text.hasPrefix("unix://") {
            self = .socket(String(text.dropFirst(7)))
            return
        }
        for scheme in ["tcp://", "http://"] where text.hasPrefix(scheme) {
            let authority = text.dropFirst(scheme.count).prefix { $0 != "/" }
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let host = parts.first, !host.isEmpty else { return nil }
            guard let port = parts.count > 1 ? Int(parts[1]) : 2375, (1...65535).contains(port) else { return nil }
            self = .host(String(host), port: port)
            return
        }
        return nil
    }
}
