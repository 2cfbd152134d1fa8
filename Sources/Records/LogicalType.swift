/// The types that every connector understands: Airbyte's well-known types.
///
/// A value that a database cannot say in its own types travels as one of these. Source: the Airbyte protocol's
/// `well_known_types.yaml`.
package enum LogicalType: String, Sendable, Hashable, CaseIterable {
    case string
    case binaryData = "binary_data"
    case boolean
    case integer
    case number
    case date
    case timestampWithTimeZone = "timestamp_with_timezone"
    case timestampWithoutTimeZone = "timestamp_without_timezone"
    case timeWithTimeZone = "time_with_timezone"
    case timeWithoutTimeZone = "time_without_timezone"
    case object
    case array
}
