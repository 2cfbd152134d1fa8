/// A mutable sequence with reference semantics, as Python's `list`.
public final class List {
    /// The elements.
    @exclusivity(unchecked) public var items: [Value]

    /// Makes a list of the given elements.
    public init(_ items: [Value] = []) { self.items = items }

    /// How many elements there are.
    public var count: Int { items.count }

    /// Adds an element at the end.
    public func append(_ value: Value) { items.append(value) }

    deinit { Teardown.release(&items) }
}
