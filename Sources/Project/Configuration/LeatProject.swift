import Diagnostics
package import Documents
import Foundation
import Orchestrate
import Synchronization

/// A project: what its leat.yml says, checked.
package struct LeatProject: Sendable {
    package let name: String
    /// The folder of leat.yml, absolute.
    package let directory: String
    package let services: [ServiceEntry]
    /// Those of the file, then those that were made while Leat runs.
    package internal(set) var sources: [ConnectorEntry]
    package internal(set) var destinations: [ConnectorEntry]
    package internal(set) var connections: [ConnectionEntry]
    package let pipelines: [PipelineEntry]
    /// What pods of all pipelines have in common, and which cluster they run in.
    let kubernetes: ClusterEntry?
    /// How many tasks of each pool may be under way at once.
    package let pools: [String: Int]
    /// How people can be told of what happens, and who is told of what where pipelines do not say it.
    package let channels: [ChannelEntry]
    let notify: [NotificationRule]
    /// Where OpenLineage's events go; nil where nobody wants them.
    let lineage: LineageSettings?
    /// `vars:`, with those of the command line over them.
    package let variables: [String: JSON]
    /// What was made while Leat runs, and does not fit what the file says now: it is left out of everything else.
    package internal(set) var definitionProblems: [DefinitionProblem] = []
    /// `variables:`, with their types.
    package let declaredVariables: [VariableEntry]
    /// What the templates of tasks see of the environment.
    let environment: [String: String]
    /// Variables, connections and secrets, as they were kept when the file was read.
    let values: ValueLookup
    /// What must not be seen of the project's values.
    package var hidden: HiddenTexts { values.hidden }

    package static let fileName = "leat.yml"

    /// How much of the file is read.
    package enum Scope: Sendable {
        case all
        /// Only the services: what other entries need (a password in the environment) is not asked for.
        case services
        /// Only what says which variables there are: who sets a secret cannot have it yet.
        case variables

        /// The keys whose values are looked at.
        fileprivate func contains(_ key: String) -> Bool {
            switch self {
            case .all: true
            case .services: !Self.engineKeys.contains(key)
            case .variables: key != "services" && !Self.engineKeys.contains(key)
            }
        }

        /// What moves, transforms and runs.
        private static let engineKeys: Set<String> = [
            "sources", "destinations", "connections", "calendars", "pools", "pipelines", "kubernetes", "channels", "notify",
            "openlineage",
        ]
    }

    /// Reads the project that `folder` lies in: the nearest leat.yml, upwards.
    /// - Parameters:
    ///   - folder: where to begin to look.
    ///   - scope: how much of it is read.
    ///   - variables: values for `var()`, over those of the file.
    ///   - environment: what `env_var()` sees.
    /// - Throws: `ProjectError` or `DocumentError`, with file, line and column.
    package static func load(
        from folder: String, scope: Scope = .all, variables: [String: String] = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> LeatProject {
        var project = try read(from: folder, scope, variables, environment, handed: nil)
        if scope == .all { project.merge(try project.definitionStore.all()) }
        try project.checkReferences()
        return project
    }

    /// The project as a pod sees it, which has no records, and of the definitions only those that it needs: so a name that leads
    /// nowhere is only found where it is used.
    static func load(from folder: String, environment: [String: String], handed: PodHandover) throws -> LeatProject {
        var project = try read(from: folder, .all, [:], environment, handed: handed.values)
        project.merge(handed.definitions)
        if let problem = project.definitionProblems.first { throw problem.error }
        return project
    }

    /// - Parameter handed: the values that are stored, where they are not in the store of this folder.
    private static func read(
        from folder: String, _ scope: Scope, _ variables: [String: String], _ environment: [String: String],
        handed: StoredValues?
    ) throws -> LeatProject {
        guard let directory = find(from: folder) else {
            throw ProjectError(
                .notFound, "there is no \(fileName) in \(folder) nor in the folders above it",
                hint: "change into the project's folder, or name it with --project-dir")
        }
        let path = directory + "/" + fileName
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            let isReadable = FileManager.default.isReadableFile(atPath: path)
            throw ProjectError(
                .unreadable, "\(fileName) \(isReadable ? "is not UTF-8 text" : "must not be read by this user")",
                location: SourceLocation(file: path),
                hint: isReadable ? "save it as UTF-8" : "give yourself the right: chmod u+r, or work as its owner")
        }
        guard let root = try YAMLDocument.parse(text, file: fileName) else {
            throw ProjectError(
                .badValue, "\(fileName) is empty", location: SourceLocation(file: path, line: 1),
                hint: "it needs at least: name, version")
        }
        let project = try LeatProject(
            scope == .all ? try PipelineFiles.merged(into: root, of: directory) : root, directory: directory, scope: scope,
            variables: variables, environment: environment, handed: handed)
        #if os(Linux)
            // Reading a large file leaves the allocator with much that is free, which nobody else could use.
            if text.utf8.count > 1 << 20, let trim = dlsym(nil, "malloc_trim") {
                _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> Int32).self)(0)
            }
        #endif
        return project
    }

    /// The nearest folder, from `folder` upwards, that holds a leat.yml.
    package static func find(from folder: String) -> String? {
        var url = URL(filePath: folder).standardizedFileURL
        while true {
            if FileManager.default.fileExists(atPath: url.appending(path: fileName).path) {
                return url.path.count > 1 && url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
            }
            let parent = url.deletingLastPathComponent().standardizedFileURL
            if parent.path == url.path { return nil }
            url = parent
        }
    }

    /// What the file says; its references are not looked at yet.
    private init(
        _ root: YAMLNode, directory: String, scope: Scope, variables: [String: String], environment: [String: String],
        handed: StoredValues?
    ) throws {
        var variableNodes: [String: YAMLNode] = [:]
        for member in root["vars"]?.members ?? [] { variableNodes[member.key] = member.value }
        var templates = ScalarTemplates(
            variables: variableNodes, overrides: variables, environment: environment)
        var root = root
        if let members = root.members { root.content = .mapping(members.filter { scope.contains($0.key) }) }
        var vars: [String: JSON] = [:]
        for member in try root["vars"].map({ try templates.render($0) })?.members ?? [] { vars[member.key] = member.value.json }
        for (name, value) in variables { vars[name] = .string(value) }
        self.variables = vars
        declaredVariables = try Self.declaredVariables(root, templates)
        let stored: @Sendable () throws -> StoredValues
        if let handed { stored = { handed } } else { stored = Self.storedValues(of: directory, environment) }
        values = ValueLookup(
            environment: environment,
            declared: Dictionary(declaredVariables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }), vars: vars,
            stored: stored, hidden: HiddenTexts())
        templates.values = values
        var keys = try YAMLMapping(try templates.render(root), of: LeatProject.fileName)
        self.directory = directory
        name = try keys.required("name").scalarText
        let version = try keys.required("version")
        guard version.int == 1 else {
            throw DocumentError(
                .badValue, "this version of Leat reads leat.yml version 1, not \(version.scalarText)",
                location: version.location)
        }
        _ = try keys.members("vars")
        _ = keys.optional("variables")
        self.environment = environment
        var pools: [String: Int] = [:]
        for member in try keys.members("pools") {
            guard let size = member.value.int, size > 0 else {
                throw DocumentError(
                    .badValue, "the pool '\(member.key)' needs a number of slots, at least 1", location: member.value.location)
            }
            pools[member.key] = size
        }
        self.pools = pools
        var calendars: [String: ExclusionCalendar] = [:]
        for member in try keys.members("calendars") {
            calendars[member.key] = try CalendarEntry(member, directory: directory).calendar
        }
        services = try keys.members("services").map { try ServiceEntry($0) }
        sources = try keys.members("sources").map { try ConnectorEntry($0, role: "source", directory: directory) }
        destinations = try keys.members("destinations").map { try ConnectorEntry($0, role: "destination", directory: directory) }
        connections = try keys.members("connections").map { try ConnectionEntry($0, calendars: calendars) }
        channels = try keys.members("channels").map { try ChannelEntry($0) }
        notify = try keys.optional("notify").map { try NotificationRule.rules($0, of: LeatProject.fileName) } ?? []
        let lineageNode = keys.optional("openlineage")
        lineage =
            scope == .all
            ? try LineageSettings(lineageNode, project: name, directory: directory, environment: environment) : nil
        if case .server(_, let key?)? = lineage?.target { values.hidden.hide(key) }
        kubernetes = try keys.optional("kubernetes").map { try ClusterEntry($0) }
        pipelines = try keys.members("pipelines").map { try PipelineEntry($0, calendars: calendars) }
        try keys.finish()
    }

    private static func declaredVariables(_ root: YAMLNode, _ templates: ScalarTemplates) throws -> [VariableEntry] {
        guard let node = root["variables"], !node.isNull else { return [] }
        guard let members = try templates.render(node).members else {
            throw DocumentError(
                .wrongType, "'variables' must be a mapping of names to types or defaults", location: node.location)
        }
        return try members.map { try VariableEntry($0) }
    }

    /// What the project's store holds, read when it is first asked for, and once.
    private static func storedValues(
        of directory: String, _ environment: [String: String]
    ) -> @Sendable () throws -> StoredValues {
        let keys = ProjectVault.keys(of: directory, environment: environment)
        let known = Mutex<StoredValues?>(nil)
        return {
            try known.withLock { known in
                if let known { return known }
                let values = StoredValues(try SQLiteStore.sealedValues(at: directory + "/.leat/leat.db"), keys: keys)
                known = values
                return values
            }
        }
    }
}
