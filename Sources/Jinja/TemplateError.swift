/// Why a template could not be parsed or rendered, and where.
public struct TemplateError: Error, Sendable {
    /// What kind of error this is.
    public var kind: Kind
    /// What went wrong, for a person.
    public var message: String
    /// The name of the template.
    public var templateName: String?
    /// The line, from 1; 0 while unknown.
    public var line = 0
    /// The column in characters, from 1; 0 while unknown.
    public var column = 0
    /// The source line.
    public var sourceLine: String?
    /// The macro calls that led here, innermost first, such as `surrogate_key (macros/key.sql:3)`.
    public var macroChain: [String] = []
    /// The error of the host function that failed, when it was not one of this module.
    public var underlying: (any Error)?

    /// Makes an error without a place; the engine adds the place of the expression that failed.
    public init(_ kind: Kind, _ message: String, underlying: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.underlying = underlying
    }
}

extension TemplateError {
    /// The kind of a ``TemplateError``. Most are named after the Python exception.
    public struct Kind: Hashable, Sendable, RawRepresentable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The template is not well formed.
        public static let syntax = Kind(rawValue: "syntax")
        /// An unknown filter or test, found while parsing.
        public static let assertion = Kind(rawValue: "assertion")
        /// Something undefined was used.
        public static let undefined = Kind(rawValue: "undefined")
        /// A general error while rendering.
        public static let runtime = Kind(rawValue: "runtime")
        /// A template that does not exist.
        public static let templateNotFound = Kind(rawValue: "templateNotFound")
        /// An operation on values of types that do not fit.
        public static let type = Kind(rawValue: "type")
        /// A value that does not fit.
        public static let value = Kind(rawValue: "value")
        /// A key that is not there.
        public static let key = Kind(rawValue: "key")
        /// An index out of range.
        public static let index = Kind(rawValue: "index")
        /// A division by zero.
        public static let zeroDivision = Kind(rawValue: "zeroDivision")
        /// A number out of range.
        public static let overflow = Kind(rawValue: "overflow")
        /// Bad arguments of a filter.
        public static let filterArgument = Kind(rawValue: "filterArgument")
        /// Something the sandbox forbids.
        public static let security = Kind(rawValue: "security")
        /// One of the ``Limits`` was reached.
        public static let limit = Kind(rawValue: "limit")
        /// An error of a host function; see ``TemplateError/underlying``.
        public static let host = Kind(rawValue: "host")
    }
}

extension TemplateError: CustomStringConvertible {
    /// The message, the place, the source line with a caret, and the macro calls.
    public var description: String {
        var text = message
        if line > 0 {
            text += "\n  in \(templateName ?? "<template>"):\(line):\(column)"
            if let sourceLine {
                let indent = String(sourceLine.prefix(max(0, column - 1)).map { $0 == "\t" ? "\t" as Character : " " })
                text += "\n    \(sourceLine)\n    \(indent)^"
            }
        }
        for call in callers { text += "\n  \(call)" }
        return text
    }

    /// The macro calls in words: repeated ones once, and of a very long chain its ends.
    private var callers: [String] {
        var lines: [String] = []
        var rest = macroChain[...]
        while let call = rest.first {
            let count = rest.prefix { $0 == call }.count
            lines.append("called by \(call)" + (count > 1 ? ", \(count) times" : ""))
            rest = rest.dropFirst(count)
        }
        guard lines.count > 40 else { return lines }
        return lines.prefix(20) + ["... \(lines.count - 40) more"] + lines.suffix(20)
    }
}

extension TemplateError {
    static func type(_ message: String) -> TemplateError { TemplateError(.type, message) }
    static func value(_ message: String) -> TemplateError { TemplateError(.value, message) }
    static func runtime(_ message: String) -> TemplateError { TemplateError(.runtime, message) }
    static func filterArgument(_ message: String) -> TemplateError { TemplateError(.filterArgument, message) }
    static func limit(_ message: String) -> TemplateError { TemplateError(.limit, message) }
}
