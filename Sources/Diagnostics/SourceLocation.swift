/// A place in a file of the user's project.
package struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user would name it: relative to the project where it lies inside it.
    package var file: String
    /// Counted from 1.
    package var line: Int?
    /// Counted from 1, in characters.
    package var column: Int?

    package init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, the form that editors and terminals turn into a link.
    package var description: String {
        var text = file
        if let line {
            text += ":\(line)"
            if let column { text += ":\(column)" }
        }
        return text
    }
}
