import OrderedCollections

extension Runtime {
    /// `value.name`, as templates see it.
    public func attribute(of value: Value, named name: String) throws -> Value {
        try attribute(of: value, AttributeName(name))
    }

    /// `value.name`: the attribute or method, else the item under the name, else undefined.
    func attribute(of value: Value, _ attribute: AttributeName) throws -> Value {
        switch value {
        case .dict(let dict):
            if let method = attribute.method, Methods.dict.contains(method) { break }
            if let item = dict.value(for: .string(attribute.name)) { return item }
        case .object(let object):
            if let result = try object.attribute(attribute.name, self) { return result }
            if let result = try object.item(.string(attribute.name), self) { return result }
        case .undefined(let undefined): return try undefined.attribute(attribute.name)
        case .tuple(let tuple):
            if let element = tuple.element(named: attribute.name) { return element }
        case .int, .bool, .bigInt, .double:
            if let part = NumberMethods.attribute(attribute.name, value) { return part }
        default: break
        }
        if let method = attribute.method, Methods.supports(method, value) {
            return .object(BoundMethod(of: value, attribute.name))
        }
        return undefined(.attribute(attribute.name, of: value.describedType))
    }

    /// Python's own `value.name`, which does not look for items; undefined when there is none.
    func pythonAttribute(of value: Value, named name: String) throws -> Value {
        switch value {
        case .undefined(let undefined): return try undefined.attribute(name)
        case .object(let object):
            if let result = try object.attribute(name, self) { return result }
        case .tuple(let tuple):
            if let element = tuple.element(named: name) { return element }
        case .int, .bool, .bigInt, .double:
            if let part = NumberMethods.attribute(name, value) { return part }
        default: break
        }
        if let method = Method.named[name], Methods.supports(method, value) { return .object(BoundMethod(of: value, name)) }
        return undefined(.attribute(name, of: value.describedType))
    }

    /// `value[key]`: the item, else the attribute of that name, else undefined.
    public func item(of value: Value, _ key: Value) throws -> Value {
        if let item = try plainItem(of: value, key) { return item }
        if let name = key.stringValue {
            switch value {
            case .undefined(let undefined): return try undefined.item(key)
            case .object(let object):
                if let result = try object.attribute(name, self) { return result }
            case .tuple(let tuple):
                if let element = tuple.element(named: name) { return element }
            case .int, .bool, .bigInt, .double:
                if let part = NumberMethods.attribute(name, value) { return part }
            default: break
            }
            if let method = Method.named[name], Methods.supports(method, value) {
                return .object(BoundMethod(of: value, name))
            }
            return undefined(.attribute(name, of: value.describedType))
        }
        return undefined(.item(key.pythonRepr, of: value.describedType))
    }

    /// The item under a key, nil when there is none.
    private func plainItem(of value: Value, _ key: Value) throws -> Value? {
        switch value {
        case .dict(let dict): return dict.value(for: key)
        case .list(let list): return Slicing.element(list.items, key)
        case .tuple(let tuple): return Slicing.element(tuple, key)
        case .string(let text): return Slicing.character(text, key).map { .string($0) }
        case .markup(let text): return Slicing.character(text, key).map { .markup($0) }
        case .object(let object): return try object.item(key, self)
        case .undefined(let undefined): return try undefined.item(key)
        default: return nil
        }
    }

    /// Calls `value.name(arguments)`.
    public func callMethod(of value: Value, named name: String, _ arguments: Arguments) throws -> Value {
        try callMethod(of: value, AttributeName(name), arguments)
    }

    func callMethod(of value: Value, _ attribute: AttributeName, _ arguments: Arguments) throws -> Value {
        if case .object(let object) = value {
            if let result = try object.callMethod(attribute.name, arguments, self) { return result }
        } else if let method = attribute.method, let result = try Methods.call(method, value, arguments, self) {
            return result
        }
        return try call(try self.attribute(of: value, attribute), arguments)
    }
}
