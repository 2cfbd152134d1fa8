package import Diagnostics
import Documents
import Orchestrate

/// One task of a pipeline, as it stands in leat.yml.
package struct TaskEntry: Sendable {
    /// Boxed, since projects may have very many tasks of which most say little.
    package indirect enum Kind: Sendable {
        /// Runs a connection.
        case sync(connection: String, SourceLocation)
        /// Runs a dbt project, one task per node.
        case dbt(DbtTask)
        case sql(SQLTask)
        case command(CommandTask)
        case http(HTTPTask)
        case container(ContainerTask)
        /// Runs another pipeline.
        case pipeline(PipelineTask)
        /// An expression that gives the names of the tasks to go on with.
        case branch(TaskText)
        /// An expression; nothing that comes after runs where it is false.
        case shortCircuit(TaskText, directOnly: Bool)
        /// Waits for something outside.
        case wait(WaitTask)
        /// Tasks that are shown, and waited for, as one.
        case group([TaskEntry])
        /// Does nothing; it stands for a point in the graph.
        case empty
    }

    /// A dbt project inside a pipeline.
    package struct DbtTask: Sendable {
        /// Folder of the dbt project, relative to leat.yml.
        package let project: String
        package let target: String?
        package let tests: Tests
        package let select: [String]
        package let exclude: [String]
        package let location: SourceLocation
    }

    /// Where a dbt project's tests stand between its models.
    package enum Tests: String, Sendable, CaseIterable {
        /// Each model's tests run right after it, and hold back what reads it.
        case afterEach = "after_each"
        /// All tests run when all models are built.
        case afterAll = "after_all"
        /// Each model's tests are part of its own task, as `dbt build --select model` does it.
        case build
        case none
    }

    /// What `defaults:` of a pipeline gives each of its tasks.
    struct Defaults {
        var owner: String?
        var retries = RetryPolicy.none
        var timeout: (text: String, location: SourceLocation)?
        var pool: PoolUse?
        var notify: [NotificationRule]?
        var executor = Executor.local
        var pod: PodEntry?

        init() {}

        init(_ node: YAMLNode, of subject: String) throws {
            var keys = try YAMLMapping(node, of: "the defaults of \(subject)")
            owner = try keys.string("owner")
            retries = try keys.optional("retries").map { try RetryPolicy($0, of: subject) } ?? .none
            timeout = keys.optional("timeout").map { ($0.scalarText, $0.location) }
            pool = try keys.optional("pool").map { try PoolUse($0, of: subject) }
            notify = try keys.optional("notify").map { try NotificationRule.rules($0, of: "the defaults of \(subject)") }
            executor = try Executor(keys.optional("executor")) ?? .local
            pod = try keys.optional("kubernetes").map { try PodEntry($0, of: "the defaults of \(subject)") }
            try keys.finish()
        }
    }

    /// Where a task's work is done.
    package enum Executor: String, Sendable, CaseIterable {
        /// In the process of the scheduler, or in children of it.
        case local
        /// In pods of a cluster.
        case kubernetes

        /// - Throws: `DocumentError` for a name that is none.
        init?(_ node: YAMLNode?) throws {
            guard let node else { return nil }
            guard let executor = Executor(rawValue: node.scalarText) else {
                let names = Self.allCases.map(\.rawValue)
                throw DocumentError(
                    .badValue, "there is no executor '\(node.scalarText)'", location: node.location,
                    hint: Suggestion.hint(for: node.scalarText, in: names) ?? "it is one of: \(names.joined(separator: ", "))")
            }
            self = executor
        }
    }

    package let name: String
    package let kind: Kind
    package let executor: Executor
    /// What is said of its pods here and in the groups and defaults around it.
    let pod: PodEntry?
    package let after: [(name: String, location: SourceLocation)]
    package let location: SourceLocation
    private let shared: SharedSettings

    /// All tasks of a pipeline or a group.
    /// - Throws: `DocumentError` or `OrchestrateError` at the key that is wrong.
    static func entries(_ members: [YAMLNode.Member], defaults: Defaults, of pipeline: String) throws -> [TaskEntry] {
        let plain = SharedSettings(Settings(defaults))
        return try members.map { try TaskEntry($0, defaults: defaults, plain: plain, of: pipeline) }
    }

    /// - Parameter plain: the settings of a task that says nothing of its own.
    private init(_ member: YAMLNode.Member, defaults: Defaults, plain: SharedSettings, of pipeline: String) throws {
        let subject = "the task '\(member.key)' of \(pipeline)"
        var keys = try YAMLMapping(member.value, of: subject)
        try member.checkName("a task")
        name = member.key
        location = member.keyLocation
        // What is said of a group holds for the tasks in it.
        var inner = defaults
        if keys.optional("tasks") != nil {
            inner.retries = try keys.optional("retries").map { try RetryPolicy($0, of: subject) } ?? defaults.retries
            inner.timeout = keys.optional("timeout").map { ($0.scalarText, $0.location) } ?? defaults.timeout
            inner.pool = try keys.optional("pool").map { try PoolUse($0, of: subject) } ?? defaults.pool
            inner.notify = try keys.optional("notify").map { try NotificationRule.rules($0, of: subject) } ?? defaults.notify
        }
        executor = try Executor(keys.optional("executor")) ?? defaults.executor
        pod = try keys.optional("kubernetes").map { try PodEntry($0, of: subject).over(defaults.pod) } ?? defaults.pod
        inner.executor = executor
        inner.pod = pod
        var kinds: [Kind] = []
        for key in Self.kindKeys where key != "empty" {
            guard let node = keys.optional(key) else { continue }
            kinds.append(try Self.kind(key, node, of: subject, inner, pipeline))
        }
        if try keys.bool("empty") == true { kinds.append(.empty) }
        guard kinds.count == 1 else {
            throw DocumentError(
                .badValue, "\(subject) must say what it does with exactly one of \(Self.kindKeys.joined(separator: ", "))",
                location: location)
        }
        kind = kinds[0]
        after = try Self.after(&keys)
        let isGroup =
            switch kind {
            case .group, .dbt: true
            default: false
            }
        let settings = try Settings(&keys, defaults, of: subject, isGroup: isGroup)
        let isPlain = member.value.members?.contains { Settings.keys.contains($0.key) } != true
        shared = isPlain ? plain : SharedSettings(settings)
        try keys.finish()
    }

    /// Whether it is done in a pod. What only decides or waits is done where the records are.
    package var runsInPod: Bool {
        guard executor == .kubernetes else { return false }
        switch kind {
        case .sync, .dbt, .sql, .command, .http: return true
        // A container is one wherever its pipeline runs.
        case .pipeline, .branch, .shortCircuit, .wait, .group, .empty, .container: return false
        }
    }

    /// Whether it is done in a container of this machine.
    package var runsInContainer: Bool { if case .container = kind { true } else { false } }

    /// What the task says beside its work.
    var settings: Settings { shared.settings }

    private static func after(
        _ keys: inout YAMLMapping
    ) throws -> [(name: String, location: SourceLocation)] {
        guard let node = keys.optional("after") else { return [] }
        return (node.items ?? [node]).map { ($0.scalarText, $0.location) }
    }

    static func dbtTask(_ node: YAMLNode, of subject: String) throws -> DbtTask {
        var keys = try YAMLMapping(node, of: subject)
        let testsNode = keys.optional("tests")
        let testsName = testsNode?.scalarText ?? Tests.afterEach.rawValue
        guard let tests = Tests(rawValue: testsName) else {
            let names = Tests.allCases.map(\.rawValue)
            throw DocumentError(
                .badValue, "'tests' cannot be '\(testsName)'", location: testsNode?.location,
                hint: Suggestion.hint(for: testsName, in: names) ?? "it is one of: \(names.joined(separator: ", "))")
        }
        let task = DbtTask(
            project: try keys.string("project") ?? ".",
            target: try keys.string("target"),
            tests: tests,
            select: try keys.strings("select") ?? [],
            exclude: try keys.strings("exclude") ?? [],
            location: node.location)
        try keys.finish()
        return task
    }
}
