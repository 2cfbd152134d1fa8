package import Diagnostics

/// What is wrong with a dbt project, or with what it did in the database.
package struct TransformError: UserFacingError {
    /// What kind of failure it is; stable, so that docs/errors.md can list it.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
    }

    package let kind: Code
    package let message: String
    package var location: SourceLocation?
    package var hint: String?
    package var details: [String]

    package var code: String { kind.rawValue }

    /// The error of another module, with its place and hint.
    package init(wrapping error: any UserFacingError) {
        self.init(
            Code(rawValue: error.code), error.message, location: error.location, hint: error.hint, details: error.details)
    }

    package init(
        _ kind: Code, _ message: String, location: SourceLocation? = nil, hint: String? = nil, details: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.location = location
        self.hint = hint
        self.details = details
    }
}

extension TransformError.Code {
    /// dbt_project.yml is missing or says something impossible.
    package static let project = Self(rawValue: "transform.project")
    /// profiles.yml is missing, or the profile or target that was asked for.
    package static let profile = Self(rawValue: "transform.profile")
    /// A schema file says something impossible.
    package static let schema = Self(rawValue: "transform.schema")
    /// A file of the project cannot be read.
    package static let unreadable = Self(rawValue: "transform.unreadable")
    /// A template does not parse or fails while it renders.
    package static let compilation = Self(rawValue: "transform.compilation")
    /// A `ref()` names no enabled node.
    package static let unknownRef = Self(rawValue: "transform.unknown_ref")
    /// A `source()` names no source table.
    package static let unknownSource = Self(rawValue: "transform.unknown_source")
    /// A variable is not defined and has no default.
    package static let unknownVariable = Self(rawValue: "transform.unknown_variable")
    /// Two resources of the same name, or two relations of the same place.
    package static let duplicate = Self(rawValue: "transform.duplicate")
    /// Nodes that depend on each other in a circle.
    package static let cycle = Self(rawValue: "transform.cycle")
    /// A `--select` that cannot be read.
    package static let selector = Self(rawValue: "transform.selector")
    /// The database refused a statement.
    package static let database = Self(rawValue: "transform.database")
    /// A seed file cannot be read as CSV or does not fit its table.
    package static let seed = Self(rawValue: "transform.seed")
    /// A warning that the command line makes an error.
    package static let warning = Self(rawValue: "transform.warning")
    /// A model in a language that the database does not run.
    package static let language = Self(rawValue: "transform.language")
    /// The work was cancelled.
    package static let cancelled = Self(rawValue: "transform.cancelled")
}
