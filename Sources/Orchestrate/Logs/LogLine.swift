import Documents

/// One line of an attempt's log.
package struct LogLine: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable, CaseIterable, Comparable {
        case debug, info, warning, error

        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warning: 2
            case .error: 3
            }
        }

        package static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
    }

    /// nil is filled with the time of arrival.
    package var time: Timestamp?
    package var level: Level
    /// Where it came from: `task`, `stdout`, `stderr`, the name of a part.
    package var stream: String
    package var text: String

    package init(_ text: String, level: Level = .info, stream: String = "task", time: Timestamp? = nil) {
        self.text = text
        self.level = level
        self.stream = stream
        self.time = time
    }
}

extension LogLine {
    /// Appends the line as JSON with a line feed.
    func write(to out: inout [UInt8], at arrival: Timestamp) {
        out.append(contentsOf: #"{"time":""#.utf8)
        out.append(contentsOf: (time ?? arrival).description.utf8)
        out.append(contentsOf: #"","level":""#.utf8)
        out.append(contentsOf: level.rawValue.utf8)
        out.append(contentsOf: #"","stream":"#.utf8)
        JSON.writeString(stream, to: &out)
        out.append(contentsOf: #","text":"#.utf8)
        JSON.writeString(text, to: &out)
        out.append(contentsOf: "}\n".utf8)
    }

    /// Reads what `write` wrote; nil for anything else.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let text = json["text"]?.string else { return nil }
        self.init(
            text, level: json["level"]?.string.flatMap(Level.init(rawValue:)) ?? .info,
            stream: json["stream"]?.string ?? "task",
            time: json["time"]?.string.flatMap { try? Timestamp(parsing: $0) })
    }
}
