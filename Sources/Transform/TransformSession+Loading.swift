import Documents
import Foundation
import Jinja
import Synchronization

extension TransformSession {
    /// Reads and parses a project. Does not connect to the warehouse.
    ///
    /// - Throws: ``TransformError`` or ``DocumentError`` with the place of what is wrong.
    package static func load(
        _ options: InvocationOptions, log: @escaping @Sendable (LogMessage) -> Void = { _ in }
    ) async throws -> TransformSession {
        var options = options
        options.projectDirectory = ProjectFileSystem.absolute(options.projectDirectory)
        let folder = options.projectDirectory
        let policy = try options.warningPolicy()

        var scope = StaticScope()
        scope.environment = options.environment
        scope.variables = Variables(commandLine: options.vars)
        scope.log = log
        let definition = try readDefinition(scope, folder: folder, options: options)
        scope.allowsSecrets = true
        let profile = try ProfileReader(options: options, renderer: YAMLRenderer(scope: scope)).read(
            projectProfile: definition.profile)
        scope.allowsSecrets = false
        scope.target = profile.targetMembers

        // With the profile known, what dbt_project.yml says of `target` can be rendered.
        let root = Package(
            definition: try ProjectReader(renderer: YAMLRenderer(scope: scope)).read(folder: folder), folder: folder,
            displayPrefix: "", isRoot: true)
        let installed = try PackageReader(root: root, renderer: YAMLRenderer(scope: scope)).read()
        let packages = [root] + installed
        if options.checksVersion { for package in packages { try VersionRequirement.check(package.definition) } }
        scope.variables.rootPackage = root.name
        for package in packages { scope.variables.byPackage[package.name] = package.definition.vars }
        scope.package = root.name
        scope.requiresVariables = false
        scope.invocation = invocation(options, profile: profile)

        let macros = try MacroReader.builtIn + packages.flatMap(MacroReader.read)
        let target = options.targetPath ?? options.environment["DBT_TARGET_PATH"] ?? root.definition.targetPath
        let world = RenderWorld(
            root: root, packages: Dictionary(packages.map { ($0.name, $0) }) { first, _ in first }, profile: profile,
            macros: MacroLibrary(rootPackage: root.name, macros: macros, dispatch: root.definition.dispatch), scope: scope,
            options: options, manifest: nil, targetFolder: ProjectFileSystem.resolve(target, in: folder))
        let (manifest, cache) = try await readManifest(world, packages)
        try show(
            profile.warnings + manifest.warnings, policy: policy, showsAll: options.flags["SHOW_ALL_DEPRECATIONS"]?.bool ?? false,
            log)
        if let sample = options.sample { _ = try SampleWindow.window(sample, now: options.currentTime) }
        let states = try States(options, targetFolder: world.targetFolder, folder: folder)
        if let warning = states.warning { try policy.report(.warnStateTargetEqual, warning, show: log) }
        return TransformSession(
            options: options, world: world.with(manifest, deferral: states.deferral), manifest: manifest, parsed: cache,
            states: states, selectors: try SelectorReader(folder: folder, renderer: YAMLRenderer(scope: scope)).read())
    }

    /// Shows what reading the project has to say; of what is deprecated, the first of each kind.
    private static func show(
        _ warnings: [Manifest.Warning], policy: WarningPolicy, showsAll: Bool, _ log: (LogMessage) -> Void
    ) throws {
        let tally = DeprecationTally()
        for warning in warnings {
            if warning.event.isDeprecation, !warning.isOptional, !tally.note(warning.event), !showsAll { continue }
            try policy.report(
                warning.event, warning.message, at: warning.location, hint: warning.hint, isOptional: warning.isOptional,
                show: log)
        }
    }

    /// From the cache, if nothing has changed since it was written, or nothing but models that can be read by themselves;
    /// else from the project's files.
    private static func readManifest(
        _ world: RenderWorld, _ packages: [Package]
    ) async throws -> (Manifest, ManifestCache?) {
        guard world.options.writesArtifacts, world.scope.invocation.flags["PARTIAL_PARSE"]?.bool ?? true,
            let (fingerprint, models) = try? await ProjectFingerprint(world, packages: packages).digest()
        else {
            var builder = ManifestBuilder(world: world, packages: packages)
            return (try await builder.build(), nil)
        }
        let cache = ManifestCache(folder: world.targetFolder, fingerprint: fingerprint)
        switch cache.read() {
        case .current(let manifest): return (manifest, cache)
        case .outdated(let old, let changed):
            let update = ManifestUpdate(old, world: world, packages: packages)
            if let manifest = try? update.manifest(reading: changed.map { models[$0] }) {
                cache.isStale.store(true, ordering: .relaxed)
                return (manifest, cache)
            }
        case .nothing: break
        }
        var builder = ManifestBuilder(world: world, packages: packages)
        let manifest = try await builder.build()
        cache.isStale.store(true, ordering: .relaxed)
        return (manifest, cache)
    }

    /// dbt_project.yml before the profile is known: only its name and profile are of interest.
    private static func readDefinition(
        _ scope: StaticScope, folder: String, options: InvocationOptions
    ) throws -> (name: String, profile: String?) {
        let path = folder + "/dbt_project.yml"
        guard ProjectFileSystem.exists(path) else {
            throw TransformError(
                .project, "there is no dbt_project.yml in \(folder)",
                hint: "run in the folder of a dbt project or give --project-dir")
        }
        let text = try ProjectFileSystem.text(of: path, calledInErrors: "dbt_project.yml")
        var duplicates: [YAMLDocument.Duplicate] = []
        let root = try YAMLDocument.parse(text, file: "dbt_project.yml", duplicates: &duplicates)
        let renderer = YAMLRenderer(scope: scope)
        return (root?["name"]?.string ?? "", try root?["profile"].flatMap { try renderer.render($0).string })
    }

    private static func invocation(_ options: InvocationOptions, profile: Profile) -> Invocation {
        var invocation = Invocation(id: options.invocationID)
        invocation.command = options.command
        invocation.flags = JSON.Members(pairs: [
            ("FULL_REFRESH", .bool(options.fullRefresh)), ("STORE_FAILURES", .bool(options.storeFailures)),
            ("WHICH", .string(options.command)), ("EMPTY", .bool(options.empty)), ("FAIL_FAST", .bool(options.failFast)),
            ("WARN_ERROR", .bool(options.warnError)), ("INTROSPECT", true), ("USE_COLORS", false), ("DEBUG", false),
            ("QUIET", .bool(options.quiet)), ("PRINT", .bool(!options.quiet)),
            ("INDIRECT_SELECTION", .string(options.indirectSelection.rawValue)),
            ("TARGET", .string(profile.targetName)), ("PROFILE", .string(profile.name)), ("VERSION_CHECK", true),
            ("PARTIAL_PARSE", true),
            ("CACHE_SELECTED_ONLY", false), ("LOG_FORMAT", "default"), ("SEND_ANONYMOUS_USAGE_STATS", false),
            ("STATIC_PARSER", true),
        ])
        for entry in options.flags.entries { invocation.flags[entry.key] = entry.value }
        invocation.arguments = options.argumentsForArtifacts
        guard invocation.arguments.isEmpty else { return invocation }
        invocation.arguments = JSON.Members(pairs: [
            ("which", .string(options.command)),
            ("invocation_command", .string("dbt " + options.arguments.joined(separator: " "))),
            ("project_dir", .string(options.projectDirectory)),
            ("profiles_dir", options.profilesDirectory.map(JSON.string) ?? .null),
            ("target", options.target.map(JSON.string) ?? .null), ("profile", options.profile.map(JSON.string) ?? .null),
            ("select", .array(options.select.map(JSON.string))), ("exclude", .array(options.exclude.map(JSON.string))),
            ("vars", .object(options.vars)), ("threads", .int(profile.threads)), ("full_refresh", .bool(options.fullRefresh)),
            ("fail_fast", .bool(options.failFast)), ("empty", .bool(options.empty)),
            ("indirect_selection", .string(options.indirectSelection.rawValue)), ("store_failures", .bool(options.storeFailures)),
            ("quiet", .bool(options.quiet)), ("warn_error", .bool(options.warnError)),
        ])
        return invocation
    }
}
