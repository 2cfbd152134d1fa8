import Documents

/// How old the rows of a source table are.
package struct Freshness: Sendable {
    package enum Status: String, Sendable {
        case pass
        case warn
        case error
        /// It could not be found out.
        case runtimeError = "runtime error"
    }

    package var source: SourceDefinition
    package var status: Status
    package var maxLoadedAt: DateTimeStamp?
    package var snapshottedAt: DateTimeStamp?
    /// Seconds.
    package var age: Double?
    package var message: String?
    package var executionTime: Double = 0
    package var timing: [NodeResult.Timing] = []
    package var thread = "Thread-1"
    package var response: StatementResponse?

    /// Whether the invocation fails for it.
    package var isFailure: Bool { status == .error || status == .runtimeError }

    /// What the age comes to under a source's `freshness`.
    static func status(of age: Double, under rules: JSON) -> Status {
        if let limit = limit(rules["error_after"]), age > limit { return .error }
        if let limit = limit(rules["warn_after"]), age > limit { return .warn }
        return .pass
    }

    /// Whether there is anything to compare an age with.
    static func hasRules(_ rules: JSON) -> Bool { limit(rules["error_after"]) != nil || limit(rules["warn_after"]) != nil }

    /// Seconds.
    private static func limit(_ rule: JSON?) -> Double? {
        guard let count = rule?["count"]?.double, let period = rule?["period"]?.string else { return nil }
        return switch period {
        case "minute": count * 60
        case "hour": count * 3600
        case "day": count * 86_400
        default: nil
        }
    }
}
