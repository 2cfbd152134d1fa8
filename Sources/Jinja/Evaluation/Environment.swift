/// How templates are read and what they can use: syntax options, filters, tests, globals, tags, limits.
///
/// ```swift
/// var environment = Environment()
/// environment.filters["shout"] = { value, _, _ in .string(try value.text().uppercased() + "!") }
/// environment.globals["now"] = .function("now") { _, _ in .string("12:00") }
/// ```
public struct Environment: Sendable {
    /// The strings that set code apart from text.
    public var delimiters = Delimiters() { didSet { updateRules() } }
    /// Whether the line break after a statement is removed.
    public var trimBlocks = false { didSet { updateRules() } }
    /// Whether whitespace before a statement is removed up to the beginning of its line.
    public var lstripBlocks = false { didSet { updateRules() } }
    /// Whether a line break at the end of the template is kept.
    public var keepTrailingNewline = false
    /// What every line break of the template's text becomes.
    public var newlineSequence = "\n"
    /// Whether output is escaped for HTML.
    public var autoescapes = false
    /// The filters by name.
    public var filters = FilterTable()
    /// The tests by name.
    public var tests = TestTable()
    /// The globals by name.
    public var globals: [String: Global] = Global.standard
    /// Tags of the host by name.
    public var tags: [String: TagHandler] = [:]
    /// What a render may use.
    public var limits = Limits()
    /// Makes the value of names, attributes and items that do not exist.
    public var makeUndefined: @Sendable (UndefinedReason) -> Undefined = { Undefined($0) }
    /// Finds templates for `include`, `import` and `extends`.
    public var loader: (any TemplateLoader)?
    /// Whether `break`, `continue` and `do` are known.
    public var enablesExtensions = true
    /// Whether a template's own top-level macros are found through the host's globals instead of directly.
    ///
    /// dbt works so: a project can then override a macro of a package even for the other macros of the same file.
    public var resolvesMacrosThroughGlobals = false
    /// Whether operations on literals are done while parsing.
    package var foldsLiterals = true
    /// How many characters longer than its limit `truncate` leaves a text.
    public var truncateLeeway = 5

    /// Jinja's defaults.
    public init() {}

    /// The syntax options as bytes.
    private(set) var lexerRules = LexerRules.standard

    private mutating func updateRules() {
        lexerRules = LexerRules(delimiters, trimsBlocks: trimBlocks, stripsLeft: lstripBlocks)
    }
}
