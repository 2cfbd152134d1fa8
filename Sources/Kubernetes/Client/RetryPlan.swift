/// Says whether and when a request is sent again. A pure value.
///
/// All requests of this client may be sent twice: creations have names of their own, so that the second one is refused, deletions
/// carry the uid of what they mean.
struct RetryPlan {
    /// How one try ended, if not well.
    enum Trouble: Sendable, Hashable {
        /// No answer, or half of one.
        case noAnswer
        /// - Parameter retryAfter: the header, in seconds.
        case status(Int, retryAfter: Int?)
    }

    enum Decision: Sendable, Hashable {
        case wait(Duration)
        /// Get new credentials first.
        case refresh
        case giveUp
    }

    /// How often is tried in all.
    let tries: Int
    private var failures = 0
    private var hasRefreshed = false
    private var backOff = BackOff()

    init(tries: Int = 6) {
        self.tries = tries
        backOff.first = .milliseconds(200)
    }

    mutating func next(after trouble: Trouble, chance: Double) -> Decision {
        if case .status(401, _) = trouble {
            guard !hasRefreshed else { return .giveUp }
            hasRefreshed = true
            return .refresh
        }
        guard failures + 1 < tries else { return .giveUp }
        switch trouble {
        case .noAnswer, .status(500, _), .status(502, _), .status(503, nil), .status(504, _), .status(408, _), .status(429, nil):
            failures += 1
            return .wait(backOff.next(chance: chance))
        case .status(let status, let seconds?) where status == 429 || status == 503:
            failures += 1
            // What the server asks for, and a little of chance, so that not all come back at the same moment.
            return .wait(.seconds(min(seconds, 120)) + .milliseconds(Int(chance * 250)))
        default: return .giveUp
        }
    }
}
