import OrderedCollections

/// A mutable set with reference semantics, as Python's `set`, which keeps insertion order.
public final class ValueSet {
    var storage: OrderedSet<Value>

    /// Makes a set of the given elements, each once.
    public init(_ elements: [Value] = []) { storage = OrderedSet(elements) }

    /// The elements in the order of insertion.
    public var elements: [Value] { storage.elements }

    /// How many elements there are.
    public var count: Int { storage.count }

    /// Adds an element unless it is there.
    public func insert(_ value: Value) { storage.append(value) }

    /// Whether the element is there.
    public func contains(_ value: Value) -> Bool { storage.contains(value) }
}
