/// Something that a template or the engine has to say.
package struct LogMessage: Sendable, Hashable {
    package enum Level: String, Sendable, Comparable {
        case debug, info, warn, error

        package static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warn: 2
            case .error: 3
            }
        }
    }

    package var level: Level
    package var text: String
    /// The node whose template speaks.
    package var node: NodeID?
    /// For warnings: which one it is.
    package var event: WarningEvent?
    /// Whether it is what `print()` says, which no log level hides.
    package var isOutput = false

    package init(_ level: Level, _ text: String, node: NodeID? = nil) {
        self.level = level
        self.text = text
        self.node = node
    }
}
