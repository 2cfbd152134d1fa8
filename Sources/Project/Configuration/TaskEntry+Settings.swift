package import Diagnostics
import Documents
package import Orchestrate

extension TaskEntry {
    /// Slots of a pool that a task needs: `pool: warehouse`, or `pool: {name: warehouse, slots: 2}`.
    struct PoolUse: Sendable {
        let name: String
        let slots: Int
        let location: SourceLocation

        init(_ node: YAMLNode, of subject: String) throws {
            location = node.location
            guard node.members != nil else {
                name = node.scalarText
                slots = 1
                return
            }
            var keys = try YAMLMapping(node, of: "'pool' of \(subject)")
            name = try keys.required("name").scalarText
            slots = try keys.int("slots") ?? 1
            try keys.finish()
            guard slots > 0 else {
                throw DocumentError(.badValue, "'slots' must be at least 1, not \(slots)", location: location)
            }
        }
    }
}

extension TaskEntry {
    /// What a task may say beside its work, and few do.
    struct Settings: Sendable {
        /// One of Airflow's names; nil for all_success.
        var triggerRule: (name: String, location: SourceLocation)?
        var retries: RetryPolicy
        /// Durations such as `60m`, as they are written.
        var deadline: (text: String, location: SourceLocation)?
        var timeout: (text: String, location: SourceLocation)?
        var pool: PoolUse?
        /// Of tasks with the same key only one is under way at a time, over all runs.
        var concurrencyKey: String?
        var priority = 0
        var dependsOnPast = false
        var isSetup = false
        var isTeardown = false
        /// Data that the task changes when it succeeds, for pipelines that wait for it.
        var outlets: [DataReference] = []
        /// Who is told of what of the task; nil leaves that to the pipeline.
        var notify: [NotificationRule]?
        /// How often a group is tried again as a whole.
        var groupRetries: RetryPolicy?
        var description: String?

        static let keys: Set<String> = [
            "trigger_rule", "retries", "deadline", "timeout", "pool", "concurrency_key", "priority", "depends_on_past", "setup",
            "teardown", "outlets", "notify", "group_retries", "description",
        ]

        /// Those of a task that says nothing of its own.
        init(_ defaults: Defaults) {
            retries = defaults.retries
            timeout = defaults.timeout
            pool = defaults.pool
            notify = defaults.notify
        }

        init(_ keys: inout YAMLMapping, _ defaults: Defaults, of subject: String, isGroup: Bool) throws {
            triggerRule = keys.optional("trigger_rule").map { ($0.scalarText, $0.location) }
            retries = try keys.optional("retries").map { try RetryPolicy($0, of: subject) } ?? defaults.retries
            deadline = keys.optional("deadline").map { ($0.scalarText, $0.location) }
            timeout = keys.optional("timeout").map { ($0.scalarText, $0.location) } ?? defaults.timeout
            pool = try keys.optional("pool").map { try PoolUse($0, of: subject) } ?? defaults.pool
            concurrencyKey = try keys.string("concurrency_key")
            priority = try keys.int("priority") ?? 0
            dependsOnPast = try keys.bool("depends_on_past") ?? false
            isSetup = try keys.bool("setup") ?? false
            isTeardown = try keys.bool("teardown") ?? false
            outlets =
                try keys.optional("outlets").map { node in
                    try (node.items ?? [node]).map { try DataReference($0, of: "'outlets' of \(subject)") }
                } ?? []
            notify = try keys.optional("notify").map { try NotificationRule.rules($0, of: subject) } ?? defaults.notify
            groupRetries = try keys.optional("group_retries").map { node in
                guard isGroup else {
                    throw DocumentError(
                        .badValue, "\(subject) is no group of tasks, so 'group_retries' says nothing", location: node.location,
                        hint: "write 'retries'")
                }
                return try RetryPolicy(node, of: subject)
            }
            description = try keys.string("description")
        }
    }

    /// Settings that tasks have in common.
    final class SharedSettings: Sendable {
        let settings: Settings

        init(_ settings: Settings) { self.settings = settings }
    }

    package var triggerRule: (name: String, location: SourceLocation)? { settings.triggerRule }
    package var retries: RetryPolicy { settings.retries }
    package var deadline: (text: String, location: SourceLocation)? { settings.deadline }
    package var timeout: (text: String, location: SourceLocation)? { settings.timeout }
    var pool: PoolUse? { settings.pool }
    package var concurrencyKey: String? { settings.concurrencyKey }
    package var priority: Int { settings.priority }
    package var dependsOnPast: Bool { settings.dependsOnPast }
    package var isSetup: Bool { settings.isSetup }
    package var isTeardown: Bool { settings.isTeardown }
    package var outlets: [DataReference] { settings.outlets }
    var notify: [NotificationRule]? { settings.notify }
    package var description: String? { settings.description }
}

extension RetryPolicy {
    /// Reads `retries: 3`, or `retries: {count: 3, delay: 10s, backoff: 2, jitter: 0.1, max_delay: 10m}`.
    init(_ node: YAMLNode, of subject: String) throws {
        guard node.members != nil else {
            guard let count = node.int else {
                throw DocumentError(
                    .wrongType, "'retries' of \(subject) must be a number or a mapping", location: node.location,
                    hint: "write 3, or {count: 3, delay: 10s}")
            }
            self.init(count: count)
            return
        }
        var keys = try YAMLMapping(node, of: "'retries' of \(subject)")
        func duration(_ node: YAMLNode?) throws -> Duration? {
            try node.map { node in
                try located(at: node.location) { () throws(OrchestrateError) in try Duration(parsing: node.scalarText) }
            }
        }
        func number(_ node: YAMLNode?, _ key: String) throws -> Double? {
            try node.map { node in
                guard let value = Double(node.scalarText) else {
                    throw DocumentError(
                        .wrongType, "'\(key)' must be a number, not '\(node.scalarText)'", location: node.location)
                }
                return value
            }
        }
        let standard = RetryPolicy(count: 0)
        let count = try keys.int("count") ?? 1
        let delay = try duration(keys.optional("delay"))
        let backoff = try number(keys.optional("backoff"), "backoff")
        let jitter = try number(keys.optional("jitter"), "jitter")
        let maximum = try duration(keys.optional("max_delay"))
        try keys.finish()
        self.init(
            count: count, delay: delay ?? standard.delay, backoff: backoff ?? standard.backoff,
            jitter: jitter ?? standard.jitter, maximumDelay: maximum ?? max(standard.maximumDelay, delay ?? .zero))
    }
}
