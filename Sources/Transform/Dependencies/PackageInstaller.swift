import Documents
import Foundation

/// Installs what packages.yml and dependencies.yml ask for below `packages-install-path`.
package struct PackageInstaller: Sendable {
    private let folder: String
    private let definition: ProjectDefinition
    private let renderer: YAMLRenderer
    private let hub: PackageHub
    private let downloads = PackageDownloads()

    /// - Throws: ``TransformError`` where dbt_project.yml cannot be read.
    package init(_ options: InvocationOptions) throws {
        folder = ProjectFileSystem.absolute(options.projectDirectory)
        var scope = StaticScope()
        // As in dbt, packages are installed without a profile: a target that says nothing.
        scope.target = JSON.Members()
        scope.environment = options.environment
        scope.variables = Variables(commandLine: options.vars)
        renderer = YAMLRenderer(scope: scope)
        definition = try ProjectReader(renderer: renderer).read(folder: folder)
        hub = PackageHub(
            baseURL: options.environment["DBT_PACKAGE_HUB_URL"] ?? "https://hub.getdbt.com",
            checksVersion: options.checksVersion)
    }

    /// What the project asks for, in order.
    package func wanted() throws -> [PackageRequest] { try wanted(in: folder) }

    /// Packages may be named with the help of secrets.
    private var secretRenderer: YAMLRenderer {
        var scope = renderer.scope
        scope.allowsSecrets = true
        return YAMLRenderer(scope: scope)
    }

    private func wanted(in folder: String) throws -> [PackageRequest] {
        let renderer = secretRenderer
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
    /// - Parameters:
    ///   - upgrade: whether a lock that fits is left aside.
    ///   - warn: told of packages that may change without anybody's doing; may throw.
    package func lock(
        _ wanted: [PackageRequest], upgrade: Bool, warn: (WarningEvent, String) throws -> Void = { _, _ in }
    ) throws -> [PackageRequest] {
        let hash = PackageLock.fingerprint(wanted)
        if !upgrade, let locked = try PackageLock.read(folder, hash: hash, renderer: secretRenderer) { return locked }
        let chosen = try withoutActuallyEscaping(warn) { warn in
            try PackageResolver(
                folder: folder, projectName: definition.name, hub: hub, downloads: downloads, requests: self.wanted(in:),
                nameOfProject: name(of:), warn: warn
            ).resolve(wanted)
        }
        try PackageLock.write(chosen, hash: hash, to: folder)
        return chosen
    }

    /// Puts packages in place, each under its own name.
    package func install(
        _ packages: [PackageRequest], started: (PackageRequest) -> Void, installed: (PackageRequest) -> Void
    ) throws {
        let target = ProjectFileSystem.resolve(definition.packagesInstallPath, in: folder)
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for package in packages {
            started(package)
            switch package.source {
            case .local(let path): try link(ProjectFileSystem.absolute(ProjectFileSystem.resolve(path, in: folder)), into: target)
            case .git(let url, let revision, let subdirectory):
                let clone = try downloads.clone(of: url)
                _ = try CommandRunner.run(["git", "checkout", "--quiet", revision ?? "origin/HEAD"], in: clone)
                try copy(subdirectory.map { clone + "/" + $0 } ?? clone, into: target)
            case .tarball(let url): try copy(try downloads.unpacked(url, from: hub), into: target)
            case .hub(let versions, let prereleases):
                let release = try hub.release(of: package.key, satisfying: versions, allowsPrereleases: prereleases)
                try copy(try downloads.unpacked(release.tarball, from: hub), into: target)
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

    private func copy(_ project: String, into target: String) throws {
        let place = target + "/" + (try name(of: project))
        try? FileManager.default.removeItem(atPath: place)
        try FileManager.default.copyItem(atPath: project, toPath: place)
    }
}
