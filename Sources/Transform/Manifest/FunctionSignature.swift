package import Documents

/// What a function of the database takes and gives.
package struct FunctionSignature: Sendable, Hashable {
    package var arguments: [JSON]
    package var returns: JSON
}
