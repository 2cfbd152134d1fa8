import Documents
import Foundation

/// Installs what packages.yml and dependencies.yml ask for below `packages-install-path`.
package struct PackageInstaller: Sendable {
    private let folder: String
    private let definition: ProjectDefinition
    private let renderer: YAMLRenderer
    private let hub: PackageHub

    /// - Throws: ``TransformError`` where dbt_project.yml cannot be read.
    package init(_ options: InvocationOptions) throws {
        folder = ProjectFileSystem.absolute(options.projectDirectory)
        var scope = StaticScope()
        scope.environment = options.environment
        scope.variables = Variables(commandLine: options.vars)
        renderer = YAMLRenderer(scope: scope)
        definition = try ProjectReader(renderer: renderer).read(folder: folder)
        hub = PackageHub(baseURL: options.environment["DBT_PACKAGE_HUB_URL"] ?? "https://hub.getdbt.com")
    }

    /// What the project asks for, in order.
    package func wanted() throws -> [PackageRequest] { try wanted(in: folder) }

    private func wanted(in folder: String) throws -> [PackageRequest] {
        var scope = renderer.scope
        scope.allowsSecrets = true
        let renderer = YAMLRenderer(scope: scope)
        for name in ["packages.yml", "dependencies.yml"] {
            let path = folder + "/" + name
            guard ProjectFileSystem.exists(path) else { continue }
            let text = try ProjectFileSystem.text(of: path, calledInErrors: name)
            let items = try YAMLDocument.parse(text, file: name)?["packages"]?.items ?? []
            if items.isEmpty { continue }
            return try items.map { try PackageRequest($0, values: try renderer.render($0)) }
        }
        return []
    }

    /// Adds a package, given as `name@version`, to packages.yml.
    package func add(_ text: String, source: String) throws {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        let version = parts.count > 1 ? parts[1] : nil
        var lines = ["  - \(source == "hub" ? "package" : source): \(parts[0])"]
        if let version { lines.append("    \(source == "hub" ? "version" : "revision"): \"\(version)\"") }
        let path = folder + "/packages.yml"
        var old = ProjectFileSystem.exists(path) ? try ProjectFileSystem.text(of: path, calledInErrors: "packages.yml") : ""
        if !old.contains("packages:") { old += "packages:\n" }
        if !old.hasSuffix("\n") { old += "\n" }
        try ProjectFileSystem.write(Array((old + lines.joined(separator: "\n") + "\n").utf8), to: path)
    }

    /// Chooses a version of each package and of those that they ask for in turn, and writes package-lock.yml.
    ///
    /// - Parameter upgrade: whether a lock that fits is left aside.
    package func lock(_ wanted: [PackageRequest], upgrade: Bool) async throws -> [PackageRequest] {
        let hash = Checksum.sha1(PackageLock.fingerprint(wanted))
        if !upgrade, let locked = try PackageLock.read(folder, hash: hash) { return locked }
        var chosen: [PackageRequest] = []
        var ranges: [String: [String]] = [:]
        var pending = wanted
        while !pending.isEmpty {
            let request = pending.removeFirst()
            guard case .hub(let name, let versions, let prereleases) = request else {
                if !chosen.contains(request) { chosen.append(request) }
                if case .local(let path) = request {
                    pending += try self.wanted(in: ProjectFileSystem.resolve(path, in: folder))
                }
                continue
            }
            ranges[name, default: []] += versions
            let release = try hub.release(of: name, satisfying: ranges[name] ?? [], allowsPrereleases: prereleases)
            chosen.removeAll { if case .hub(name, _, _) = $0 { true } else { false } }
            chosen.append(.hub(name: name, versions: [release.version], allowsPrereleases: prereleases))
            pending += release.packages.filter { needed in
                guard case .hub(let name, let versions, _) = needed else { return true }
                return !(ranges[name].map { Set(versions).isSubset(of: $0) } ?? false)
            }
        }
        try PackageLock.write(chosen, hash: hash, to: folder)
        return chosen
    }

    /// Puts packages in place, each under its own name.
    package func install(
        _ packages: [PackageRequest], started: (PackageRequest) -> Void, installed: (PackageRequest) -> Void
    ) async throws {
        let target = ProjectFileSystem.resolve(definition.packagesInstallPath, in: folder)
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for package in packages {
            started(package)
            switch package {
            case .local(let path): try link(ProjectFileSystem.absolute(ProjectFileSystem.resolve(path, in: folder)), into: target)
            case .git(let url, let revision, let subdirectory):
                try clone(url, revision: revision, subdirectory: subdirectory, into: target)
            case .tarball(let url, let name): try unpack(try hub.download(url), as: name, into: target)
            case .hub(let name, let versions, let prereleases):
                let release = try hub.release(of: name, satisfying: versions, allowsPrereleases: prereleases)
                try unpack(try hub.download(release.tarball), as: release.name, into: target)
            }
            installed(package)
        }
    }

    private func name(of project: String) throws -> String {
        guard ProjectFileSystem.exists(project + "/dbt_project.yml") else {
            throw TransformError(.project, "there is no dbt_project.yml in the package at \(project)")
        }
        return try ProjectReader(renderer: renderer).read(folder: project).name
    }

    private func link(_ project: String, into target: String) throws {
        let place = target + "/" + (try name(of: project))
        try? FileManager.default.removeItem(atPath: place)
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: project)
    }

    private func clone(_ url: String, revision: String?, subdirectory: String?, into target: String) throws {
        let place = target + "/.clone"
        defer { try? FileManager.default.removeItem(atPath: place) }
        _ = try CommandRunner.run(["git", "clone", "--quiet", url, place])
        if let revision { _ = try CommandRunner.run(["git", "checkout", "--quiet", revision], in: place) }
        let project = subdirectory.map { place + "/" + $0 } ?? place
        try move(project, into: target)
    }

    private func unpack(_ archive: String, as name: String, into target: String) throws {
        let place = target + "/.unpack"
        defer {
            try? FileManager.default.removeItem(atPath: place)
            try? FileManager.default.removeItem(atPath: archive)
        }
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        _ = try CommandRunner.run(["tar", "-xzf", archive, "-C", place])
        let entries = try FileManager.default.contentsOfDirectory(atPath: place).filter { !$0.hasPrefix(".") }
        guard let first = entries.first else { throw TransformError(.project, "the archive of \(name) is empty") }
        try move(place + "/" + first, into: target)
    }

    private func move(_ project: String, into target: String) throws {
        let place = target + "/" + (try name(of: project))
        try? FileManager.default.removeItem(atPath: place)
        try FileManager.default.moveItem(atPath: project, toPath: place)
    }
}
