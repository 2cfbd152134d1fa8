import Diagnostics
import Documents
import Orchestrate

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
