/// The five characters by which PostgreSQL classifies an error.
///
/// Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".
package struct SQLState: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }

    /// The first two characters, which name the kind of error: `"23"` for a violated constraint.
    package var errorClass: Substring { rawValue.prefix(2) }

    package var description: String { rawValue }

    package static let uniqueViolation: SQLState = "23505"
    package static let notNullViolation: SQLState = "23502"
    package static let foreignKeyViolation: SQLState = "23503"
    package static let checkViolation: SQLState = "23514"
    package static let syntaxError: SQLState = "42601"
    package static let undefinedTable: SQLState = "42P01"
    package static let undefinedColumn: SQLState = "42703"
    package static let undefinedFunction: SQLState = "42883"
    package static let duplicateTable: SQLState = "42P07"
    package static let duplicateDatabase: SQLState = "42P04"
    package static let duplicateSchema: SQLState = "42P06"
    package static let duplicateObject: SQLState = "42710"
    package static let insufficientPrivilege: SQLState = "42501"
    package static let invalidTextRepresentation: SQLState = "22P02"
    package static let badCopyFileFormat: SQLState = "22P04"
    package static let inFailedTransaction: SQLState = "25P02"
    package static let invalidPassword: SQLState = "28P01"
    package static let invalidAuthorization: SQLState = "28000"
    package static let invalidCatalogName: SQLState = "3D000"
    package static let serializationFailure: SQLState = "40001"
    package static let deadlockDetected: SQLState = "40P01"
    package static let lockNotAvailable: SQLState = "55P03"
    package static let tooManyConnections: SQLState = "53300"
    package static let queryCanceled: SQLState = "57014"
    package static let adminShutdown: SQLState = "57P01"
    package static let crashShutdown: SQLState = "57P02"
    package static let cannotConnectNow: SQLState = "57P03"
}
