/// The strings that set template code apart from text.
public struct Delimiters: Sendable, Hashable {
    /// Opens a statement.
    public var blockStart = "{%"
    /// Closes a statement.
    public var blockEnd = "%}"
    /// Opens an expression.
    public var variableStart = "{{"
    /// Closes an expression.
    public var variableEnd = "}}"
    /// Opens a comment.
    public var commentStart = "{#"
    /// Closes a comment.
    public var commentEnd = "#}"
    /// Begins a line that is a statement, nil for none.
    public var lineStatementPrefix: String?
    /// Begins a comment that ends with the line, nil for none.
    public var lineCommentPrefix: String?

    /// The delimiters of Jinja.
    public init() {}
}
