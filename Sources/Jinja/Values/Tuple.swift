/// An immutable sequence, as Python's `tuple`.
public final class Tuple {
    /// The elements.
    @exclusivity(unchecked) public private(set) var items: [Value]
    /// Names of the elements, for named tuples such as the groups of `groupby`.
    let names: [String]?

    /// Makes a tuple of the given elements.
    public init(_ items: [Value]) {
        self.items = items
        names = nil
    }

    init(_ items: [Value], names: [String]) {
        self.items = items
        self.names = names
    }

    /// The element of a named tuple.
    func element(named name: String) -> Value? {
        guard let index = names?.firstIndex(of: name) else { return nil }
        return items[index]
    }

    /// Takes the elements out of a tuple that nobody else holds.
    func take() -> [Value] {
        defer { items = [] }
        return items
    }

    deinit { Teardown.release(&items) }
}
