import Documents

/// Chooses one version of each package that a project asks for, and of those that these ask for in turn.
struct PackageResolver {
    let folder: String
    let projectName: String
    let hub: PackageHub
    let downloads: PackageDownloads
    /// What a package's folder asks for.
    let requests: (String) throws -> [PackageRequest]
    /// The name of the project in a folder.
    let nameOfProject: (String) throws -> String
    /// Told of packages that may change without anybody's doing, and of those that have another name by now.
    let warn: (WarningEvent, String) throws -> Void

    /// In the order in which they were first asked for, each with its name and exactly one version.
    ///
    /// - Throws: ``TransformError`` where the wishes do not go together, or a package is not there.
    func resolve(_ wanted: [PackageRequest]) throws -> [PackageRequest] {
        var order: [String] = []
        var merged: [String: PackageRequest] = [:]
        var chosen: [String: PackageRequest] = [:]
        var pending = wanted
        while !pending.isEmpty {
            var next: [PackageRequest] = []
            for request in pending {
                let key = Self.key(of: request)
                let whole = try merged[key].map { try Self.combined($0, request) } ?? request
                if merged[key] == nil { order.append(key) }
                // Asked for again in the same words: nothing new can come of it.
                if let old = merged[key], old.source == whole.source, chosen[key] != nil { continue }
                merged[key] = whole
                let (pinned, needs) = try pin(whole)
                chosen[key] = pinned
                next += needs
            }
            pending = next
        }
        let packages = order.compactMap { chosen[$0] }
        try checkNames(packages)
        return packages
    }

    /// With and without `.git` it is the same repository; its folders are packages of their own.
    private static func key(of request: PackageRequest) -> String {
        guard case .git(let url, _, let subdirectory) = request.source else { return request.key }
        return (url.hasSuffix(".git") ? String(url.dropLast(4)) : url) + (subdirectory.map { "/" + $0 } ?? "")
    }

    private static func combined(_ old: PackageRequest, _ new: PackageRequest) throws -> PackageRequest {
        var result = old
        switch (old.source, new.source) {
        case (.hub(let first, let prereleases), .hub(let second, _)):
            result.source = .hub(versions: first + second.filter { !first.contains($0) }, allowsPrereleases: prereleases)
        case (.git(let url, let first, let folder), .git(_, let second, _)):
            let revisions = Set([first, second].compactMap { $0 })
            guard revisions.count < 2 else {
                throw TransformError(
                    .project,
                    "git dependencies should contain exactly one version. \(url) contains: \(revisions.sorted().joined(separator: ", "))"
                )
            }
            result.source = .git(url: url, revision: revisions.first, subdirectory: folder)
        case (.local, .local), (.tarball, .tarball): break
        default: throw TransformError(.project, "\(old.key) is asked for in two ways: from different kinds of places")
        }
        return result
    }

    /// One version of a package, and what that version asks for.
    private func pin(_ request: PackageRequest) throws -> (PackageRequest, [PackageRequest]) {
        var pinned = request
        switch request.source {
        case .hub(let versions, let prereleases):
            let release = try hub.release(of: request.key, satisfying: versions, allowsPrereleases: prereleases)
            if let newName = release.newName {
                try warn(
                    .packageRedirect,
                    "The `\(request.key)` package is deprecated in favor of `\(newName)`. Please update your `packages.yml` "
                        + "configuration to use `\(newName)` instead.")
            }
            pinned.source = .hub(versions: [release.version], allowsPrereleases: prereleases)
            pinned.name = release.name
            return (pinned, release.packages)
        case .local(let path):
            let project = ProjectFileSystem.resolve(path, in: folder)
            pinned.name = try nameOfProject(project)
            return (pinned, try requests(project))
        case .tarball(let url):
            let project = try downloads.unpacked(url, from: hub)
            pinned.name = try nameOfProject(project)
            return (pinned, try requests(project))
        case .git(let url, let revision, let subdirectory):
            let clone = try downloads.clone(of: url)
            let wanted = revision ?? "HEAD"
            _ = try CommandRunner.run(["git", "checkout", "--quiet", wanted == "HEAD" ? "origin/HEAD" : wanted], in: clone)
            if request.warnsUnpinned, ["HEAD", "main", "master"].contains(wanted) {
                let what = wanted == "HEAD" ? "not pinned, using HEAD (default branch)" : "pinned to the \"\(wanted)\" branch"
                try warn(
                    .depsUnpinned,
                    "The git package \"\(url)\" \n\tis \(what).\n\tThis can introduce breaking changes into your project without "
                        + "warning!\n\nSee https://docs.getdbt.com/docs/package-management#section-specifying-package-versions")
            }
            let commit = try CommandRunner.run(["git", "rev-parse", "HEAD"], in: clone).trimmingSpaces
            pinned.source = .git(
                url: url, revision: String(commit.prefix { !$0.isNewline }), subdirectory: subdirectory)
            let project = subdirectory.map { clone + "/" + $0 } ?? clone
            pinned.name = try nameOfProject(project)
            return (pinned, try requests(project))
        }
    }

    private func checkNames(_ packages: [PackageRequest]) throws {
        var seen: Set<String> = []
        for name in packages.compactMap(\.name) {
            if name == projectName {
                throw TransformError(
                    .project, "Found a dependency with the same name as the root project \"\(name)\".",
                    hint: "package names must be unique in a project; rename one of these packages")
            }
            guard seen.insert(name).inserted else {
                throw TransformError(
                    .project, "Found duplicate project \"\(name)\".",
                    hint: "this occurs when a dependency has the same project name as some other dependency")
            }
        }
    }
}
