import Jinja
import Orchestrate

/// How times and durations are told to people.
enum Moment {
    /// `{iso, ago}` for templates; none for nil.
    static func value(_ moment: Timestamp?, now: Timestamp) -> Value {
        guard let moment else { return .none }
        return Value(["iso": .string(moment.description), "ago": .string(ago(moment, now: now))])
    }

    /// `3 min ago`, `in 2 h`.
    static func ago(_ moment: Timestamp, now: Timestamp) -> String {
        let seconds = abs((now - moment).components.seconds)
        let text =
            switch seconds {
            case ..<60: "\(seconds) s"
            case ..<3600: "\(seconds / 60) min"
            case ..<172_800: "\(seconds / 3600) h"
            default: "\(seconds / 86_400) d"
            }
        return moment <= now ? "\(text) ago" : "in \(text)"
    }

    /// `850 ms`, `12.4 s`, `3 min 5 s`, `2 h 10 min`.
    static func duration(_ duration: Duration) -> String {
        let microseconds = max(0, duration.inMicroseconds)
        let seconds = microseconds / 1_000_000
        switch microseconds {
        case ..<1_000_000: return "\(microseconds / 1000) ms"
        case ..<60_000_000: return "\(seconds).\(microseconds / 100_000 % 10) s"
        case ..<3_600_000_000: return "\(seconds / 60) min \(seconds % 60) s"
        default: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        }
    }
}
