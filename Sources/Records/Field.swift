/// A field of a stream: a column of a table.
package struct Field: Sendable, Hashable {
    package var name: String
    package var type: LogicalType
    /// Set by sources that have a type system of their own.
    package var nativeType: NativeType?
    package var isNullable: Bool
    /// The source's own name of it, where that is another.
    package var sourceName: String?
    /// What the source puts in the value's place; the value is text then.
    package var hash: HashMethod?
    /// What is put in the value's place on its way; the value is text then.
    package var encryption: Encryption?

    package init(name: String, type: LogicalType, nativeType: NativeType? = nil, isNullable: Bool = true) {
        self.name = name
        self.type = type
        self.nativeType = nativeType
        self.isNullable = isNullable
    }

    /// Whether what arrives is another text than the source's.
    package var isObscured: Bool { hash != nil || encryption != nil }

    /// The column of the source that it is read from.
    package var column: String { sourceName ?? name }

    /// What to show a person: the native name where there is one.
    package var typeName: String { nativeType?.name ?? type.rawValue }
}
