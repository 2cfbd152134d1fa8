import Documents
import Transform

/// Something to log, under dbt's name and code for it, so that programs that read dbt's logs read Leat's.
struct DbtEvent: Sendable {
    enum Level: String, Sendable, Comparable {
        case debug, info, warn, error

        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warn: 2
            case .error: 3
            }
        }

        static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
    }

    /// `LogModelResult`.
    var name: String
    /// `Q012`.
    var code: String
    var level: Level
    var message: String
    /// What the JSON format has besides the message.
    var data: JSON.Members
    /// Whether it is what the user asked to see, which `--quiet` does not hide.
    var isOutput = false

    init(_ name: String, _ code: String, _ level: Level, _ message: String, _ data: [(String, JSON)] = []) {
        self.name = name
        self.code = code
        self.level = level
        self.message = message
        self.data = JSON.Members(data)
    }

    /// A line of text without a meaning of its own, such as an empty one.
    static func line(_ text: String = "") -> DbtEvent {
        DbtEvent("Formatting", "Z017", .info, text, [("msg", .string(text))])
    }

    /// What a command is asked for.
    static func output(_ text: String, name: String = "PrintEvent", code: String = "Z052") -> DbtEvent {
        var event = DbtEvent(name, code, .info, text, [("msg", .string(text))])
        event.isOutput = true
        return event
    }
}
