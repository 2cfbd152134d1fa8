/// A value of the template language, with Python's meaning.
///
/// Scalars are values; ``List``, ``Dict``, ``ValueSet`` and ``Object`` are references, so `l.append(x)` in a template
/// is seen by everybody who holds the list. Values are not `Sendable`: one render belongs to one thread.
public enum Value {
    /// A name, attribute or item that does not exist.
    case undefined(Undefined)
    /// Python's `None`.
    case none
    /// A truth value, which also counts as 0 or 1.
    case bool(Bool)
    /// An integer that fits 64 bits.
    case int(Int)
    /// An integer outside of 64 bits. Results that fit are always ``int(_:)``.
    case bigInt(BigInteger)
    /// A floating point number.
    case double(Double)
    /// Text.
    case string(String)
    /// Text that is known to be safe HTML.
    case markup(String)
    /// A list, shared by reference.
    case list(List)
    /// An immutable sequence.
    case tuple(Tuple)
    /// A mapping that keeps insertion order, shared by reference.
    case dict(Dict)
    /// A set, shared by reference.
    case set(ValueSet)
    /// Everything else: functions, macros, namespaces and the host's own objects.
    case object(Object)
}

extension Value {
    /// The text of a string or markup value, else nil.
    @inlinable public var stringValue: String? {
        switch self {
        case .string(let text), .markup(let text): text
        default: nil
        }
    }

    /// The integer of an `int` or `bool` value, else nil.
    public var intValue: Int? {
        switch self {
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// The truth value of a `bool`, else nil. See ``isTruthy`` for Python's truth of any value.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number of a `double`, `int` or `bool`, else nil.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        case .bool(let value): value ? 1 : 0
        case .bigInt(let value): value.doubleValue
        default: nil
        }
    }

    /// The list of a list value, else nil.
    public var listValue: List? {
        if case .list(let value) = self { value } else { nil }
    }

    /// The dictionary of a dict value, else nil.
    public var dictValue: Dict? {
        if case .dict(let value) = self { value } else { nil }
    }

    /// The object of an object value, else nil.
    public var objectValue: Object? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The elements of a list, tuple or set, else nil.
    public var elements: [Value]? {
        switch self {
        case .list(let list): list.items
        case .tuple(let tuple): tuple.items
        case .set(let set): set.elements
        default: nil
        }
    }

    /// Whether this is ``none``.
    public var isNone: Bool {
        if case .none = self { true } else { false }
    }

    /// Whether this is ``undefined(_:)``.
    public var isUndefined: Bool {
        if case .undefined = self { true } else { false }
    }

    /// Whether two values are the same bit for bit, so that they are surely equal.
    @inline(__always) static func haveSameBits(_ a: UnsafePointer<Value>, _ b: UnsafePointer<Value>) -> Bool {
        // Two words of content and a byte that tells the cases apart.
        let (a, b) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
        return a.load(as: UInt64.self) == b.load(as: UInt64.self)
            && a.load(fromByteOffset: 8, as: UInt64.self) == b.load(fromByteOffset: 8, as: UInt64.self)
            && a.load(fromByteOffset: 16, as: UInt8.self) == b.load(fromByteOffset: 16, as: UInt8.self)
    }

    /// Whether this marks a name that does not exist.
    @inline(__always) var isMissing: Bool {
        if case .undefined(let undefined) = self { undefined === Missing.shared } else { false }
    }

    /// Whether this is a string or markup.
    public var isString: Bool { stringValue != nil }

    /// Whether this is text that is known to be safe HTML.
    var isMarkup: Bool {
        if case .markup = self { true } else { false }
    }
}
