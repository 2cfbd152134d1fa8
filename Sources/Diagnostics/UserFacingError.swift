/// An error that a person reads: what happened, where, and what to do.
///
/// Each module has one struct that conforms. `description` is the whole report and never holds a secret.
package protocol UserFacingError: Error, CustomStringConvertible {
    /// A stable name such as `project.unknown_key`; docs/errors.md has an entry for each.
    var code: String { get }
    /// One sentence that says what happened and names the object.
    var message: String { get }
    /// Where in the user's files, if it is somewhere.
    var location: SourceLocation? { get }
    /// What to do about it.
    var hint: String? { get }
    /// Further lines: the server's detail, the lines of source around the place.
    var details: [String] { get }
}

extension UserFacingError {
    package var location: SourceLocation? { nil }
    package var hint: String? { nil }
    package var details: [String] { [] }

    package var description: String {
        var text = location.map { "\($0): \(message)" } ?? message
        for line in details { text += "\n  \(line)" }
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}
