import OrderedCollections

extension Value: Hashable {
    /// Python's `==`: `1 == 1.0 == True`, sequences by element, objects as they say.
    public static func == (left: Value, right: Value) -> Bool { left.isEqual(to: right, depth: 0) }

    /// How deep containers are compared before they count as different; cyclic ones would never end.
    static let comparisonDepth = 200

    func isEqual(to other: Value, depth: Int) -> Bool {
        switch (self, other) {
        case (.string(let a), .string(let b)), (.markup(let a), .markup(let b)),
            (.string(let a), .markup(let b)), (.markup(let a), .string(let b)):
            Text.equal(a, b)
        case (.int(let a), .int(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.none, .none): true
        case (.list(let a), .list(let b)): a === b || Value.equal(a.items, b.items, depth)
        case (.tuple(let a), .tuple(let b)): a === b || Value.equal(a.items, b.items, depth)
        case (.dict(let a), .dict(let b)): a === b || Value.equal(a, b, depth)
        case (.set(let a), .set(let b)): a.storage.isEqualSet(to: b.storage)
        case (.object(let a), .object(let b)): a === b || a.isEqual(to: b)
        case (.undefined(let a), .undefined(let b)): (try? a.isEqual(to: b)) ?? false
        default: Value.numbersAreEqual(self, other)
        }
    }

    private static func equal(_ a: [Value], _ b: [Value], _ depth: Int) -> Bool {
        guard a.count == b.count, depth < comparisonDepth else { return false }
        for index in a.indices where !a[index].isEqual(to: b[index], depth: depth + 1) { return false }
        return true
    }

    private static func equal(_ a: Dict, _ b: Dict, _ depth: Int) -> Bool {
        guard a.count == b.count, depth < comparisonDepth else { return false }
        for (key, value) in a.storage {
            guard let other = b.storage[key], value.isEqual(to: other, depth: depth + 1) else { return false }
        }
        return true
    }

    private static func numbersAreEqual(_ a: Value, _ b: Value) -> Bool {
        guard let left = Number(a), let right = Number(b) else { return false }
        return left.isEqual(to: right)
    }

    /// Hashes so that values which are equal hash alike.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text), .markup(let text): hasher.combine(text)
        case .int(let value): hasher.combine(value)
        case .bool(let value): hasher.combine(value ? 1 : 0)
        case .bigInt(let value): hasher.combine(value)
        case .double(let value):
            if let integer = Int(exactly: value) { hasher.combine(integer) } else { hasher.combine(value) }
        case .none: hasher.combine(0x6e6f_6e65)
        case .tuple(let tuple): for index in 0..<tuple.count { tuple[index].hash(into: &hasher) }
        case .list(let list): hasher.combine(list.count)
        case .dict(let dict): hasher.combine(dict.count)
        case .set(let set): hasher.combine(set.count)
        case .object(let object): object.hash(into: &hasher)
        case .undefined: hasher.combine(0x756e_6465)
        }
    }

    /// Whether the value may be a key of a dict or an element of a set.
    var isHashable: Bool {
        switch self {
        case .list, .dict, .set: false
        case .tuple(let tuple): !tuple.contains { !$0.isHashable }
        default: true
        }
    }

    /// The value, when it may be a key.
    func hashable() throws -> Value {
        guard isHashable else { throw TemplateError.type("unhashable type: '\(unhashableTypeName)'") }
        return self
    }

    private var unhashableTypeName: String {
        if case .tuple(let tuple) = self, let item = tuple.items.first(where: { !$0.isHashable }) {
            return item.unhashableTypeName
        }
        return typeName
    }
}
