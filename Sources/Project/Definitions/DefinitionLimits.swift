import Connectors
import Diagnostics
import Documents
import Foundation

/// What definitions may reach that come from the network instead of from the project's files.
///
/// Who may edit connections is not who owns the machine. So a definition runs no program, reads no file outside the project, and
/// connects neither to sockets of this machine nor to addresses that only machines talk to, where clouds keep their credentials.
package struct DefinitionLimits: Sendable, Hashable {
    /// Whether container images may be run.
    package var allowsImages: Bool

    /// For who may change connections.
    package static let editor = DefinitionLimits(allowsImages: false)
    /// For who may do everything on the server.
    package static let admin = DefinitionLimits(allowsImages: true)

    /// - Throws: `ProjectError` with code `project.forbidden`, `ConnectorError` where the config is wrong.
    func check(_ entry: ConnectorEntry, as role: ConnectorSpec.Role, in project: LeatProject) throws {
        let registry = ConnectorRegistry.builtIn
        switch entry.connector {
        case .builtIn:
            try entry.located { () throws(ConnectorError) in
                switch role {
                case .source: _ = try registry.source(named: entry.name, connector: entry.connector, config: entry.config)
                case .destination:
                    _ = try registry.destination(named: entry.name, connector: entry.connector, config: entry.config)
                }
            }
            try check(entry.config, at: entry.location.file + ".config", in: project)
        case .command:
            throw ProjectError(
                .forbidden, "programs of the server's machine are run only for what stands in \(LeatProject.fileName)",
                location: SourceLocation(file: entry.location.file + ".connector"), hint: "add this \(role.rawValue) there")
        case .image where !allowsImages:
            throw ProjectError(
                .forbidden, "only an admin may define a \(role.rawValue) that runs a container image",
                location: SourceLocation(file: entry.location.file + ".connector"))
        case .image: break
        }
    }

    private func check(_ value: JSON, at path: String, in project: LeatProject) throws {
        switch value {
        case .object(let members):
            for entry in members.entries {
                let path = "\(path).\(entry.key)"
                if let text = entry.value.string { try check(entry.key, text, at: path, in: project) }
                try check(entry.value, at: path, in: project)
            }
        case .array(let items):
            for (index, item) in items.enumerated() { try check(item, at: "\(path)[\(index)]", in: project) }
        default: break
        }
    }

    private func check(_ key: String, _ text: String, at path: String, in project: LeatProject) throws {
        func forbid(_ why: String, hint: String? = nil) -> ProjectError {
            ProjectError(.forbidden, why, location: SourceLocation(file: path), hint: hint)
        }
        if Self.pemKeys.contains(key), !text.isEmpty, !text.contains("-----BEGIN") {
            throw forbid("a certificate or key must be given as its text, not as a file of the server")
        }
        if key.contains("host") {
            for host in text.split(separator: ",") {
                guard !host.hasPrefix("/"), !host.hasPrefix("@") else {
                    throw forbid("sockets of the server's machine are not for definitions", hint: "name a host")
                }
                try checkReach(String(host)) { forbid($0) }
            }
        }
        guard key == "url" || key.hasSuffix("_url") else { return }
        let lowered = text.lowercased()
        if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") {
            guard let host = URLComponents(string: text)?.host else { throw forbid("that is no URL") }
            try checkReach(host) { forbid($0) }
        } else {
            try checkFile(text, in: project) { forbid($0, hint: "files below the project's folder can be named, or a URL") }
        }
    }

    private static let pemKeys: Set<String> = [
        "ca_certificate", "client_certificate", "client_key", "ssh_key", "certificate", "private_key",
    ]

    private func checkReach(_ host: String, _ error: (String) -> ProjectError) throws {
        for address in HostAddress.all(of: host) where address.isReserved {
            throw error("'\(host)' is \(address), an address that only machines use among themselves")
        }
    }

    private func checkFile(_ text: String, in project: LeatProject, _ error: (String) -> ProjectError) throws {
        let path = lowercasedScheme(text) ? String(text.dropFirst(7)) : text
        let parts = path.split(separator: "/").map(String.init)
        guard !path.hasPrefix("/"), !path.hasPrefix("~"), !parts.contains(".."), !parts.contains(where: { $0.hasPrefix(".") })
        else { throw error("files outside the project are not for definitions") }
        // A pattern could match a hidden folder only where its part begins with a dot, which is refused above. What is a link to
        // elsewhere was put there by the project's owner, but not so that everybody may read what it leads to.
        let fixed = parts.prefix { !$0.contains { "*?[".contains($0) } }.joined(separator: "/")
        let root = URL(filePath: project.directory).resolvingSymlinksInPath().path
        let real = URL(filePath: project.directory).appending(path: fixed).resolvingSymlinksInPath().path
        guard real == root || real.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
            throw error("files outside the project are not for definitions")
        }
    }

    private func lowercasedScheme(_ text: String) -> Bool { text.lowercased().hasPrefix("file://") }
}
