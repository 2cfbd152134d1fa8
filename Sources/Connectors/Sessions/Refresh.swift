/// Reads a stream from its start again, as a new generation of rows.
package enum Refresh: String, Sendable, Hashable {
    /// The rows that were there go; Airbyte's "refresh and remove records".
    case truncate
    /// The rows that were there stay, and are replaced where the mode deduplicates; Airbyte's "refresh and retain records".
    case merge
}
