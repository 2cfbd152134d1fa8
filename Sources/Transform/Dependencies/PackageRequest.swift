import Documents

/// A package that a project asks for.
package enum PackageRequest: Sendable, Hashable {
    /// A folder, relative to the project.
    case local(path: String)
    case git(url: String, revision: String?, subdirectory: String?)
    case tarball(url: String, name: String)
    /// A package of the hub, with the versions that would do: `>=1.0.0`, `<2.0.0`.
    case hub(name: String, versions: [String], allowsPrereleases: Bool)

    /// - Throws: ``TransformError`` where an entry of packages.yml is none of these.
    init(_ entry: YAMLNode, values: JSON) throws {
        if let path = values["local"]?.string {
            self = .local(path: path)
        } else if let url = values["git"]?.string {
            let revision = NodeConfig.strings(values["revision"]).first
            self = .git(url: url, revision: revision, subdirectory: values["subdirectory"]?.string)
        } else if let url = values["tarball"]?.string {
            self = .tarball(url: url, name: values["name"]?.string ?? "package")
        } else if let name = values["package"]?.string {
            let given = values["version"] ?? .null
            let versions = NodeConfig.strings(given).flatMap { $0.split(separator: ",").map { String($0).trimmingSpaces } }
            self = .hub(
                name: name, versions: versions.isEmpty && !given.isNull ? [given.text()] : versions,
                allowsPrereleases: values["install_prerelease"]?.bool ?? false)
        } else {
            throw TransformError(
                .project, "an entry of 'packages' names no package", location: entry.location,
                hint: "it has one of: package, git, local, tarball")
        }
    }

    /// As package-lock.yml has it.
    var lockEntry: JSON {
        switch self {
        case .local(let path): return ["local": .string(path)]
        case .git(let url, let revision, let subdirectory):
            var members = JSON.Members([("git", .string(url))])
            if let revision { members["revision"] = .string(revision) }
            if let subdirectory { members["subdirectory"] = .string(subdirectory) }
            return .object(members)
        case .tarball(let url, let name): return ["tarball": .string(url), "name": .string(name)]
        case .hub(let name, let versions, _): return ["package": .string(name), "version": .string(versions.first ?? "")]
        }
    }

    /// For messages.
    package var displayName: String {
        switch self {
        case .local(let path): path
        case .git(let url, _, _): url
        case .tarball(_, let name): name
        case .hub(let name, _, _): name
        }
    }

    /// For messages: where it comes from.
    package var displaySource: String {
        switch self {
        case .local(let path): "<local @ \(path)>"
        case .git(_, let revision, _): "revision \(revision ?? "HEAD")"
        case .tarball(let url, _): "tarball (url: \(url))"
        case .hub(_, let versions, _): "version \(versions.first ?? "")"
        }
    }
}
