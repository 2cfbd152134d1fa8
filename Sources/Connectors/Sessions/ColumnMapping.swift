package import Records

/// How a field becomes a column.
package struct ColumnMapping: Sendable, Hashable {
    package var field: Field
    /// The column's type in the destination.
    package var type: String
    /// What the source has to turn the value into before it sends it; nil sends it as it is.
    package var cast: String?
    /// What changes on the way and why; nil where values stay what they are.
    package var note: String?
    /// The source does not have the field any more; the column gets null.
    package var isAbsent = false

    package var name: String { field.name }

    package init(field: Field, type: String, cast: String? = nil, note: String? = nil) {
        self.field = field
        self.type = type
        self.cast = cast
        self.note = note
    }
}
