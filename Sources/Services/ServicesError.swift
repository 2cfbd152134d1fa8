package import Diagnostics

/// Why a local database could not be started, prepared or stopped.
package struct ServicesError: UserFacingError {
    /// What kind of failure it is; stable, so that docs/errors.md can list it.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// A name, a port or a setting that cannot be used.
        package static let invalid = Code(rawValue: "services.invalid")
        /// No PostgreSQL server programs on this machine.
        package static let notInstalled = Code(rawValue: "services.postgres_not_installed")
        /// Something else listens on the port.
        package static let portTaken = Code(rawValue: "services.port_taken")
        /// The data was written by another major version of PostgreSQL than the ones installed.
        package static let versionMismatch = Code(rawValue: "services.version_mismatch")
        /// The data belongs to another user of the machine.
        package static let dataOwner = Code(rawValue: "services.data_owner")
        /// A folder or file of the service cannot be made, read or written.
        package static let folder = Code(rawValue: "services.folder")
        /// Another `leat` holds the service's lock and does not let go.
        package static let locked = Code(rawValue: "services.locked")
        /// `initdb` failed.
        package static let initFailed = Code(rawValue: "services.init_failed")
        /// The server did not start, or does not answer.
        package static let startFailed = Code(rawValue: "services.start_failed")
        /// The server does not end.
        package static let stopFailed = Code(rawValue: "services.stop_failed")
        /// An init script, or a file that it copies, does not exist.
        package static let scriptMissing = Code(rawValue: "services.script_missing")
        /// An init script has a statement that fails or that scripts may not have.
        package static let scriptFailed = Code(rawValue: "services.script_failed")
        /// A file that an init script copies does not fit its table.
        package static let dataRefused = Code(rawValue: "services.data_refused")
    }

    package var kind: Code
    package var message: String
    package var location: SourceLocation?
    package var hint: String?
    package var details: [String]

    package init(
        _ kind: Code, _ message: String, location: SourceLocation? = nil, hint: String? = nil, details: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.location = location
        self.hint = hint
        self.details = details
    }

    package var code: String { kind.rawValue }
}
