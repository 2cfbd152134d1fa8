import Documents

/// A package that a project asks for.
package struct PackageRequest: Sendable, Hashable {
    enum Source: Sendable, Hashable {
        /// A folder, relative to the project.
        case local(path: String)
        case git(url: String, revision: String?, subdirectory: String?)
        case tarball(url: String)
        /// A package of the hub, with the versions that would do: `>=1.0.0`, `<2.0.0`.
        case hub(versions: [String], allowsPrereleases: Bool)
    }

    var source: Source
    /// What tells it from others: the hub's name, the URL, the path.
    let key: String
    /// How the entry writes ``key``, which may hold a template with a secret.
    let unrenderedKey: String
    /// The name of its project, where a lock, or the entry of a tarball, says so.
    var name: String?
    /// Whether to warn where the revision is a branch.
    let warnsUnpinned: Bool
    /// dbt's own form of the entry, which its fingerprint of packages is made of.
    let contract: JSON

    /// - Throws: ``TransformError`` where an entry of packages.yml is none of these.
    init(_ entry: YAMLNode, values: JSON) throws {
        var contract = JSON.Members([("unrendered", entry.json)])
        name = values["name"]?.string
        warnsUnpinned = (values["warn-unpinned"] ?? values["warn_unpinned"])?.bool ?? true
        if let path = values["local"]?.string {
            source = .local(path: path)
            key = path
            unrenderedKey = entry["local"]?.string ?? path
            contract["local"] = .string(path)
        } else if let url = values["git"]?.string {
            let revision = values["revision"].flatMap { $0.isNull ? nil : $0.string ?? $0.text() }
            source = .git(url: url, revision: revision, subdirectory: values["subdirectory"]?.string)
            key = url
            unrenderedKey = entry["git"]?.string ?? url
            contract["git"] = .string(url)
            for key in ["revision", "subdirectory"] { contract[key] = values[key] ?? .null }
            contract["warn-unpinned"] = values["warn-unpinned"] ?? values["warn_unpinned"] ?? .null
        } else if let url = values["tarball"]?.string {
            guard values["name"]?.string != nil else {
                throw TransformError(.project, "the tarball \(url) needs a name", location: entry.location)
            }
            source = .tarball(url: url)
            key = url
            unrenderedKey = entry["tarball"]?.string ?? url
            contract["tarball"] = .string(url)
        } else if let package = values["package"]?.string {
            let given = values["version"] ?? .null
            guard !given.isNull, given != [] else {
                throw TransformError(
                    .project,
                    "\(package) is missing the version. When installing from the Hub package index, version is a required property",
                    location: entry.location)
            }
            let texts = given.array?.map { $0.string ?? $0.text() } ?? [given.string ?? given.text()]
            source = .hub(
                versions: texts.flatMap { $0.split(separator: ",").map { String($0).trimmingSpaces } },
                allowsPrereleases: values["install_prerelease"]?.bool ?? false)
            key = package
            unrenderedKey = package
            contract["package"] = .string(package)
            contract["version"] = given
            contract["install_prerelease"] = values["install_prerelease"] ?? false
        } else {
            throw TransformError(
                .project, "an entry of 'packages' names no package", location: entry.location,
                hint: "it has one of: package, git, local, tarball")
        }
        if let name { contract["name"] = .string(name) }
        self.contract = .object(contract)
    }

    /// As package-lock.yml has it.
    var lockEntry: JSON {
        var members = JSON.Members(pairs: [("name", name.map(JSON.string) ?? .null)])
        switch source {
        case .local: members["local"] = .string(unrenderedKey)
        case .git(_, let revision, let subdirectory):
            members["git"] = .string(unrenderedKey)
            members["revision"] = .string(revision ?? "HEAD")
            if let subdirectory { members["subdirectory"] = .string(subdirectory) }
        case .tarball: members["tarball"] = .string(unrenderedKey)
        case .hub(let versions, _):
            members["package"] = .string(key)
            members["version"] = .string(versions.first ?? "")
        }
        return .object(members)
    }

    /// For messages.
    package var displayName: String { name.map { source == .tarball(url: key) ? $0 : key } ?? key }

    /// For messages: where it comes from.
    package var displaySource: String {
        switch source {
        case .local(let path): "<local @ \(path)>"
        case .git(_, let revision, _):
            revision == nil || revision == "HEAD" ? "HEAD (default revision)" : "revision \(revision ?? "")"
        case .tarball(let url): "tarball (url: \(url))"
        case .hub(let versions, _): "version \(versions.first ?? "")"
        }
    }
}
