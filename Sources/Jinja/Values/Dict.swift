import OrderedCollections

/// A mutable mapping with reference semantics that keeps insertion order, as Python's `dict`.
public final class Dict {
    @exclusivity(unchecked) var storage: OrderedDictionary<Value, Value>

    /// Makes an empty dict.
    public init() { storage = [:] }

    /// Makes a dict of the given pairs; a later pair replaces an earlier one with an equal key.
    public init(_ pairs: some Sequence<(Value, Value)>) {
        storage = [:]
        for (key, value) in pairs { storage[key] = value }
    }

    init(storage: OrderedDictionary<Value, Value>) { self.storage = storage }

    /// How many pairs there are.
    public var count: Int { storage.count }

    /// Whether there are no pairs.
    public var isEmpty: Bool { storage.isEmpty }

    /// The keys in order.
    public var keys: [Value] { storage.keys.elements }

    /// The values in order.
    public var values: [Value] { storage.values.elements }

    /// The pairs in order.
    public var pairs: [(key: Value, value: Value)] { storage.map { ($0.key, $0.value) } }

    /// The value under a key. Setting nil removes the pair.
    public subscript(key: Value) -> Value? {
        get { storage[key] }
        set { storage[key] = newValue }
    }

    /// The value under a string key. Setting nil removes the pair.
    public subscript(key: String) -> Value? {
        get { storage[.string(key)] }
        set { storage[.string(key)] = newValue }
    }

    /// Where the value under a key is, which is a string; valid until the dict changes.
    func pointer(for key: UnsafePointer<Value>) -> UnsafePointer<Value>? {
        guard let index = index(for: key) else { return nil }
        return storage.values.withUnsafeBufferPointer { $0.baseAddress.map { $0 + index } }
    }

    /// The value under a key, nil when there is none.
    @inline(__always) func value(for key: Value) -> Value? {
        guard case .string = key else { return key.isHashable ? storage[key] : nil }
        return withUnsafePointer(to: key) { pointer(for: $0)?.pointee }
    }

    /// Small dicts are searched: short strings with the same bits are the same, which is quickly seen.
    @inline(__always) private func index(for key: UnsafePointer<Value>) -> Int? {
        if storage.count <= 8 {
            let found = storage.keys.elements.withUnsafeBufferPointer { keys -> Int? in
                guard let first = keys.baseAddress else { return nil }
                for index in 0..<keys.count where Value.haveSameBits(first + index, key) { return index }
                return nil
            }
            if let found { return found }
        }
        return storage.index(forKey: key.pointee)
    }

    /// Removes a pair and returns its value.
    @discardableResult public func removeValue(forKey key: Value) -> Value? { storage.removeValue(forKey: key) }

    /// A new dict with the same pairs.
    public func copy() -> Dict { Dict(storage: storage) }

    deinit {
        guard storage.values.contains(where: \.holdsContainers) else { return }
        var values = storage.values.elements
        storage = [:]
        Teardown.release(&values)
    }
}
