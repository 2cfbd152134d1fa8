import OrderedCollections

extension Value {
    /// Python's truth of the value; false for an undefined that refuses.
    public var isTruthy: Bool { (try? truth()) ?? false }

    /// Python's truth of the value.
    /// - Throws: ``TemplateError`` for an undefined that refuses.
    public func truth() throws -> Bool {
        switch self {
        case .bool(let value): value
        case .string(let text), .markup(let text): !text.isEmpty
        case .int(let value): value != 0
        case .none: false
        case .list(let list): !list.items.isEmpty
        case .tuple(let tuple): tuple.count > 0
        case .dict(let dict): !dict.isEmpty
        case .set(let set): set.count > 0
        case .double(let value): value != 0
        case .bigInt: true
        case .undefined(let undefined): try undefined.truth()
        case .object(let object): object.isTruthy
        }
    }

    /// The name of the type as Python's messages show it.
    public var typeName: String {
        switch self {
        case .undefined(let undefined): String(describing: type(of: undefined))
        case .none: "NoneType"
        case .bool: "bool"
        case .int, .bigInt: "int"
        case .double: "float"
        case .string: "str"
        case .markup: "Markup"
        case .list: "list"
        case .tuple: "tuple"
        case .dict: "dict"
        case .set: "set"
        case .object(let object): object.typeName
        }
    }

    /// The type in messages about missing attributes, such as `dict object`.
    var describedType: String {
        switch self {
        case .none: "None"
        default: "\(typeName) object"
        }
    }

    /// The elements a loop over the value sees.
    /// - Throws: ``TemplateError`` of kind `type` when the value cannot be iterated.
    public func iterate() throws -> [Value] {
        switch self {
        case .list(let list): return list.items
        case .tuple(let tuple): return tuple.items
        case .dict(let dict): return dict.storage.keys.elements
        case .set(let set): return set.elements
        case .string(let text), .markup(let text): return text.unicodeScalars.map { .string(String($0)) }
        case .undefined(let undefined): return try undefined.iterate()
        case .object(let object):
            if let items = try object.iterate() { return items }
        default: break
        }
        throw TemplateError.type("'\(typeName)' object is not iterable")
    }

    /// Whether ``iterate()`` works.
    var isIterable: Bool {
        switch self {
        case .list, .tuple, .dict, .set, .string, .markup: true
        case .undefined, .object: (try? iterate(consuming: false)) ?? false
        default: false
        }
    }

    private func iterate(consuming: Bool) throws -> Bool {
        if case .object(let object) = self {
            if object is Generator { return true }
            return try object.iterate() != nil
        }
        _ = try iterate()
        return true
    }

    /// The number of elements.
    /// - Throws: ``TemplateError`` of kind `type` when the value has no length.
    public func length() throws -> Int {
        switch self {
        case .string(let text), .markup(let text): return Text.length(text)
        case .list(let list): return list.count
        case .tuple(let tuple): return tuple.count
        case .dict(let dict): return dict.count
        case .set(let set): return set.count
        case .undefined(let undefined): return try undefined.length()
        case .object(let object):
            if let length = object.length { return length }
        default: break
        }
        throw TemplateError.type("object of type '\(typeName)' has no len()")
    }

    /// The value as an index or count.
    func index(of use: @autoclosure () -> String = "index") throws -> Int {
        switch self {
        case .int(let value): return value
        case .bool(let value): return value ? 1 : 0
        case .bigInt: throw TemplateError(.overflow, "\(use()) is too large")
        default: throw TemplateError.type("'\(typeName)' object cannot be interpreted as an integer")
        }
    }

    /// Whether `call()` on the value can work.
    public var isCallable: Bool {
        switch self {
        case .object(let object): object.isCallable
        case .undefined: true
        default: false
        }
    }

    /// The pairs of a mapping, nil when the value is none.
    func mappingPairs(_ runtime: Runtime) throws -> [(Value, Value)]? {
        switch self {
        case .dict(let dict): return dict.storage.map { ($0.key, $0.value) }
        case .object(let object) where object.isMapping:
            return try (object.iterate() ?? []).map { ($0, try object.item($0, runtime) ?? .none) }
        default: return nil
        }
    }
}
