package import Diagnostics
import Documents

/// One task of a pipeline, as it stands in leat.yml.
package struct TaskEntry: Sendable {
    package enum Kind: Sendable {
        /// Runs a connection.
        case sync(connection: String, SourceLocation)
        /// Runs a dbt project, one task per node.
        case dbt(DbtTask)
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
        case none
    }

    /// What `defaults:` of a pipeline gives each of its tasks.
    struct Defaults {
        var owner: String?
        var retries = 0

        init() {}

        init(_ node: YAMLNode, of subject: String) throws {
            var keys = try YAMLMapping(node, of: "the defaults of \(subject)")
            owner = try keys.string("owner")
            retries = try keys.int("retries") ?? 0
            try keys.finish()
        }
    }

    package let name: String
    package let kind: Kind
    package let after: [(name: String, location: SourceLocation)]
    /// One of Airflow's names; nil for all_success.
    package let triggerRule: (name: String, location: SourceLocation)?
    package let retries: Int
    /// Durations such as `60m`, as they are written.
    package let deadline: (text: String, location: SourceLocation)?
    package let timeout: (text: String, location: SourceLocation)?
    package let location: SourceLocation

    init(_ member: YAMLNode.Member, defaults: Defaults, of pipeline: String) throws {
        let subject = "the task '\(member.key)' of \(pipeline)"
        var keys = try YAMLMapping(member.value, of: subject)
        name = member.key
        location = member.keyLocation
        var kinds: [Kind] = []
        if let node = keys.optional("sync") { kinds.append(.sync(connection: node.scalarText, node.location)) }
        if let node = keys.optional("dbt") { kinds.append(.dbt(try Self.dbtTask(node, of: subject))) }
        if try keys.bool("empty") == true { kinds.append(.empty) }
        guard kinds.count == 1 else {
            throw DocumentError(
                .badValue, "\(subject) must say what it does with exactly one of sync, dbt, empty",
                location: location)
        }
        kind = kinds[0]
        after = try Self.after(&keys)
        triggerRule = keys.optional("trigger_rule").map { ($0.scalarText, $0.location) }
        retries = try keys.int("retries") ?? defaults.retries
        deadline = keys.optional("deadline").map { ($0.scalarText, $0.location) }
        timeout = keys.optional("timeout").map { ($0.scalarText, $0.location) }
        if let executor = keys.optional("executor"), executor.scalarText != "local" {
            throw DocumentError(
                .badValue, "there is no executor '\(executor.scalarText)'", location: executor.location,
                hint: "this version of Leat runs tasks with the executor 'local'")
        }
        try keys.finish()
    }

    private static func after(
        _ keys: inout YAMLMapping
    ) throws -> [(name: String, location: SourceLocation)] {
        guard let node = keys.optional("after") else { return [] }
        return (node.items ?? [node]).map { ($0.scalarText, $0.location) }
    }

    private static func dbtTask(_ node: YAMLNode, of subject: String) throws -> DbtTask {
        var keys = try YAMLMapping(node, of: "'dbt' of \(subject)")
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
