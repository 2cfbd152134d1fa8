package import Documents

/// A field of a connector's configuration.
package struct ConfigField: Sendable {
    package enum Kind: Sendable {
        case string
        case integer(ClosedRange<Int>)
        case boolean
        /// A list of strings.
        case strings
        /// An object with further fields; or, as a short form, only the value of the field named here.
        case object([ConfigField], shortForm: String?)
        /// One of these words.
        case choice([String])
        /// A mapping of names that the user chooses to one of these words.
        case map([String])
        /// Anything: connectors of others have the field, and it has no meaning here.
        case ignored
    }

    package var name: String
    package var kind: Kind
    package var isRequired: Bool
    /// Never shown, neither in errors nor in logs.
    package var isSecret: Bool
    package var defaultValue: JSON?
    package var summary: String
    /// What other tools call it; used in suggestions only.
    package var otherNames: [String]

    package init(
        _ name: String, _ kind: Kind, _ summary: String, isRequired: Bool = false, isSecret: Bool = false,
        defaultValue: JSON? = nil, otherNames: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.defaultValue = defaultValue
        self.otherNames = otherNames
    }
}
