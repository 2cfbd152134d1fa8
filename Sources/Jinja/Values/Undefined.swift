/// What a template gets for a name, attribute or item that does not exist.
///
/// The default kind prints as nothing, is false and has no elements; every other use is an error that says what was
/// undefined. Subclass it to give other behaviour, and set ``Environment/makeUndefined``.
open class Undefined {
    /// What was looked for and where, for messages.
    public let reason: UndefinedReason

    /// Makes an undefined value.
    public required init(_ reason: UndefinedReason) { self.reason = reason }

    /// Makes an undefined value for a name that does not exist.
    public convenience init(name: String) { self.init(.name(name)) }

    /// The error for a use that is not allowed.
    public final var error: TemplateError { TemplateError(.undefined, reason.message) }

    /// The text inside printed containers.
    open var repr: String { "Undefined" }

    /// The text of `{{ value }}`.
    open func text() throws -> String { "" }

    /// Whether `if value` holds.
    open func truth() throws -> Bool { false }

    /// The elements for loops and filters.
    open func iterate() throws -> [Value] { [] }

    /// The result of `value | length`.
    open func length() throws -> Int { 0 }

    /// The result of `value.name`.
    open func attribute(_ name: String) throws -> Value { throw error }

    /// The result of `value[key]`.
    open func item(_ key: Value) throws -> Value { throw error }

    /// The result of `value(...)`.
    open func call(_ arguments: Arguments) throws -> Value { throw error }

    /// The result of `value == other`, where `other` is undefined too.
    open func isEqual(to other: Undefined) throws -> Bool { type(of: self) == type(of: other) }

    /// Called by `value in other` and by comparisons with a defined value, which are false unless this throws.
    open func checkComparison() throws {}
}
