/// What a connection makes of a stream's fields and rows on their way. Fields go by the names that the source has.
package enum StreamMapping: Sendable, Hashable {
    /// The value is replaced by its digest, in hexadecimal digits.
    case hash(field: String, HashMethod)
    /// The value is replaced by its encrypted text, in hexadecimal digits.
    case encrypt(field: String, Encryption)
    /// The field has another name in the destination.
    case rename(field: String, to: String)
    /// The field is left out.
    case remove(field: String)
    /// Only rows that fit are moved.
    case filter(RowFilter)
}
