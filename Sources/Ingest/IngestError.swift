package import Diagnostics

/// Why a connection cannot be synced.
package struct IngestError: UserFacingError {
    /// What kind of failure it is; stable, so that docs/errors.md can list it.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The connection is defined in a way that cannot be.
        package static let definition = Code(rawValue: "ingest.definition")
        /// The source does not have the stream, or not uniquely.
        package static let stream = Code(rawValue: "ingest.stream")
        /// A field of the stream's settings is not there or does not fit.
        package static let field = Code(rawValue: "ingest.field")
        /// The source has changed in a way that the connection's policy does not let through.
        package static let schemaChanged = Code(rawValue: "ingest.schema_changed")
        /// The source lost a key or a cursor, without which the stream cannot be synced.
        package static let breakingChange = Code(rawValue: "ingest.breaking_change")
        /// What a sync has left is not what the source has.
        package static let differs = Code(rawValue: "ingest.differs")
        /// Streams failed; others may have succeeded.
        package static let failed = Code(rawValue: "ingest.failed")
    }

    package var kind: Code
    package var message: String
    package var location: SourceLocation?
    package var hint: String?
    package var details: [String]
    /// What failed, by stream, where it was a stream.
    package var failures: [StreamFailure] = []

    package var code: String { kind.rawValue }

    package init(_ kind: Code, _ message: String, hint: String? = nil, details: [String] = []) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.details = details
    }

    /// Several streams failed.
    init(_ failures: [StreamFailure], of count: Int, connection: String) {
        self.init(
            .failed, "\(failures.count) of \(count) streams of connection '\(connection)' failed",
            details: failures.flatMap { failure in
                "\(failure.error)".split(separator: "\n").enumerated().map { $0 == 0 ? "\(failure.stream): \($1)" : String($1) }
            })
        self.failures = failures
    }
}

/// Why one stream of several failed.
package struct StreamFailure: Sendable {
    package var stream: String
    package var error: any Error
}
