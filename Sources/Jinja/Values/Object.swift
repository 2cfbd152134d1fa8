/// Anything that is not plain data: functions, macros, namespaces, and the host's own objects.
///
/// Subclass it to give templates an object with attributes and methods. All hooks have sensible defaults.
open class Object {
    /// Makes an object.
    public init() {}

    /// The name of the type, as error messages show it.
    open var typeName: String { "object" }

    /// The text of `{{ object }}`.
    open var description: String { repr }

    /// The text inside printed containers.
    open var repr: String { "<\(typeName)>" }

    /// Whether the object can be called.
    open var isCallable: Bool { false }

    /// Whether `if object` holds. By default false only for objects with ``length`` 0.
    open var isTruthy: Bool { length != 0 }

    /// What `object | length` gives; nil when the object has no length.
    open var length: Int? { nil }

    /// Whether the object behaves as a dict (`is mapping`, `dict(object)`, `**object`): ``iterate()`` gives the keys.
    open var isMapping: Bool { false }

    /// Text for HTML without escaping, Python's `__html__`.
    open var html: String? { nil }

    /// The attribute of the given name, nil when there is none.
    open func attribute(_ name: String, _ runtime: Runtime) throws -> Value? { nil }

    /// The item under the given key, nil when there is none.
    open func item(_ key: Value, _ runtime: Runtime) throws -> Value? { nil }

    /// Calls the object.
    open func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        throw TemplateError.type("'\(typeName)' object is not callable")
    }

    /// Calls a method without making a value of it first; nil means "look up the attribute and call that".
    open func callMethod(_ name: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? { nil }

    /// The elements, nil when the object cannot be iterated.
    open func iterate() throws -> [Value]? { nil }

    /// Whether `value in object`; nil means "search the elements".
    open func contains(_ value: Value) throws -> Bool? { nil }

    /// Whether `object == other` for another object.
    open func isEqual(to other: Object) -> Bool { self === other }

    /// Feeds what ``isEqual(to:)`` compares.
    open func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

    /// The order against another value: negative, zero, positive; nil when they cannot be ordered.
    open func compare(to other: Value) throws -> Int? { nil }

    /// The result of an operator with this object on either side; nil when it does not apply.
    ///
    /// - Parameter isLeft: Whether the object is the left operand.
    open func combine(_ operation: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? { nil }

    /// The text for a format specification, as in `"{:%Y}".format(object)`; nil when only the empty one is known.
    open func formatted(_ specification: String) throws -> String? { nil }
}
