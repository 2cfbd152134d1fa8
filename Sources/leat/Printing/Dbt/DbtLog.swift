import Documents
import Foundation
import Synchronization
import Transform

/// Writes events to the console and to the log file.
final class DbtLog: Sendable {
    let settings: DbtLogSettings
    private let file: Mutex<DbtLogFile?>
    private let secrets: [String]

    /// - Parameter environment: where the values of secret variables stand, which no log may hold.
    init(_ settings: DbtLogSettings, environment: [String: String]) {
        self.settings = settings
        file = Mutex(settings.file.flatMap { DbtLogFile(path: $0, maximumSize: settings.maximumFileSize) })
        secrets = Self.secrets(of: environment)
        if settings.fileFormat == .debug {
            let bar = String(repeating: "=", count: 30)
            file.withLock { $0?.write("\n\n\(bar) \(Self.clock(.now(), precise: true)) | \(settings.invocationID) \(bar)\n") }
        }
    }

    /// Whether anybody sees what the JSON format has besides the message.
    var keepsData: Bool { settings.format == .json || (settings.file != nil && settings.fileFormat == .json) }

    /// Whether an event of the level goes anywhere.
    func isWanted(_ level: DbtEvent.Level) -> Bool {
        (settings.level.map { level >= $0 } ?? false)
            || (settings.file != nil && (settings.fileLevel.map { level >= $0 } ?? false))
    }

    /// Shows and keeps an event, as far as the settings let it.
    func write(_ event: DbtEvent, thread: String = "MainThread") {
        let now = DateTimeStamp.now()
        // What the user asked for counts as an error: nothing but `none` hides it.
        let weight = event.isOutput ? .error : event.level
        if let level = settings.level, weight >= level {
            Output.write(scrubbed(line(event, settings.format, now, thread, colours: settings.usesColors)))
        }
        if let level = settings.fileLevel, settings.file != nil, weight >= level {
            let text = scrubbed(line(event, settings.fileFormat, now, thread, colours: false))
            file.withLock { file in
                file?.write(text + "\n")
                if event.level > .debug { file?.flush() }
            }
        }
    }

    /// Puts everything on disk.
    func flush() { file.withLock { $0?.flush() } }

    private func line(
        _ event: DbtEvent, _ format: DbtLogSettings.Format, _ time: DateTimeStamp, _ thread: String, colours: Bool
    ) -> String {
        let message = colours ? event.message : Self.withoutColours(event.message)
        switch format {
        case .text:
            if event.isOutput { return message }
            return "\(Self.clock(time, precise: false))  \(message)"
        case .debug:
            let level = event.level.rawValue.padding(toLength: 5, withPad: " ", startingAt: 0)
            return "\(Self.clock(time, precise: true)) [\(level)] [\(thread)]: \(message)"
        case .json: return json(event, Self.withoutColours(event.message), time, thread)
        }
    }

    private func json(_ event: DbtEvent, _ message: String, _ time: DateTimeStamp, _ thread: String) -> String {
        let info: JSON = [
            "category": "", "code": .string(event.code), "extra": [:], "invocation_id": .string(settings.invocationID),
            "level": .string(event.level.rawValue), "msg": .string(message), "name": .string(event.name),
            "pid": .int(Int(ProcessInfo.processInfo.processIdentifier)), "thread": .string(thread),
            "ts": .string(time.artifactText),
        ]
        return (["data": .object(event.data), "info": info] as JSON).text()
    }

    private func scrubbed(_ text: String) -> String { Self.scrubbed(text, secrets) }

    /// The values of the environment that nothing must show, the longest first: one may hold another.
    static func secrets(of environment: [String: String]) -> [String] {
        environment.filter { $0.key.hasPrefix("DBT_ENV_SECRET") && !$0.value.isEmpty }.map(\.value)
            .sorted { $0.utf8.count > $1.utf8.count }
    }

    static func scrubbed(_ text: String, _ secrets: [String]) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "*****") }
    }

    private static func withoutColours(_ text: String) -> String {
        guard text.utf8.contains(0x1B) else { return text }
        return text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    }

    /// `19:16:02`, or with microseconds, in UTC.
    private static func clock(_ time: DateTimeStamp, precise: Bool) -> String {
        let text = time.artifactText
        return String(text.dropFirst(11).prefix(precise ? 15 : 8))
    }
}

/// A log file that is set aside when it has grown too large.
struct DbtLogFile: ~Copyable {
    private let path: String
    private let maximumSize: Int
    private var handle: FileHandle
    private var size: Int
    private var pending: [UInt8] = []

    /// Nil where the file cannot be written: a run does not fail for its log.
    init?(path: String, maximumSize: Int) {
        self.path = path
        self.maximumSize = maximumSize
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard let handle = Self.open(path) else { return nil }
        self.handle = handle
        size = Int((try? handle.seekToEnd()) ?? 0)
    }

    private static func open(_ path: String) -> FileHandle? {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        return FileHandle(forWritingAtPath: path)
    }

    mutating func write(_ text: String) {
        pending += text.utf8
        if pending.count > 1 << 16 { flush() }
    }

    mutating func flush() {
        guard !pending.isEmpty else { return }
        if maximumSize > 0, size > 0, size + pending.count > maximumSize { rotate() }
        try? handle.write(contentsOf: pending)
        size += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// `dbt.log` becomes `dbt.log.1`, that one `dbt.log.2`, up to five.
    private mutating func rotate() {
        try? handle.close()
        let manager = FileManager.default
        try? manager.removeItem(atPath: path + ".5")
        for number in (1..<5).reversed() { try? manager.moveItem(atPath: "\(path).\(number)", toPath: "\(path).\(number + 1)") }
        try? manager.moveItem(atPath: path, toPath: path + ".1")
        if let fresh = Self.open(path) { handle = fresh }
        size = 0
    }

    deinit { try? handle.close() }
}
