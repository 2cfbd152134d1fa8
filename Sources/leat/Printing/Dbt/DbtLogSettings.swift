import Foundation

/// Where events go and how they look there.
struct DbtLogSettings: Sendable {
    enum Format: String, Sendable {
        /// `19:16:02  Done.`
        case text
        /// With the level, the thread and microseconds.
        case debug
        /// One JSON object a line.
        case json
    }

    var format: Format = .text
    /// Nil for no events at all.
    var level: DbtEvent.Level? = .info
    var usesColors = false
    var fileFormat: Format = .debug
    var fileLevel: DbtEvent.Level? = .debug
    /// The log file; nil for none.
    var file: String?
    /// How large the file may be before a new one begins; 0 for any size.
    var maximumFileSize = 10 << 20
    /// The length of the dotted part of lines with a status.
    var width = 80
    var isQuiet = false
    var invocationID = ""

    /// Whether anybody wants to know of every statement.
    var observesStatements: Bool { level == .debug || (file != nil && fileLevel == .debug) }

    init() {}

    /// What a command line says.
    ///
    /// - Parameter logFolder: the folder of the log file, where the command line names none.
    init(_ arguments: DbtArguments, logFolder: String?, invocationID: String) {
        self.invocationID = invocationID
        isQuiet = arguments.flag("quiet")
        width = arguments.integer("printer_width") ?? 80
        format = Self.format(arguments.text("log_format")) ?? .text
        level = Self.level(arguments.text("log_level"), default: .info)
        if arguments.flag("debug") { level = .debug }
        if isQuiet, level != nil { level = .error }
        fileFormat = Self.format(arguments.text("log_format_file")) ?? (format == .json ? .json : .debug)
        fileLevel = Self.level(arguments.text("log_level_file"), default: .debug)
        maximumFileSize = arguments.integer("log_file_max_bytes") ?? maximumFileSize
        usesColors = format != .json && arguments.flag("use_colors", default: Style(for: .standardOutput).isEnabled)
        if let folder = arguments.text("log_path") ?? logFolder { file = folder + "/dbt.log" }
    }

    private static func format(_ name: String?) -> Format? { name.flatMap(Format.init) }

    private static func level(_ name: String?, default fallback: DbtEvent.Level) -> DbtEvent.Level? {
        name == "none" ? nil : name.flatMap(DbtEvent.Level.init) ?? fallback
    }
}
