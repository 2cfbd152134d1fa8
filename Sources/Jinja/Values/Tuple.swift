/// An immutable sequence, as Python's `tuple`.
public final class Tuple {
    /// The elements of a pair, which most tuples are: it needs no array.
    @exclusivity(unchecked) private var pair: (Value, Value)?
    /// The elements of others.
    @exclusivity(unchecked) private var array: [Value]
    /// Names of the elements, for named tuples such as the groups of `groupby`.
    let names: [String]?

    /// Makes a tuple of the given elements.
    public init(_ items: [Value]) {
        array = items
        names = nil
    }

    /// Makes a pair.
    public init(_ first: Value, _ second: Value) {
        pair = (first, second)
        array = []
        names = nil
    }

    init(_ items: [Value], names: [String]) {
        array = items
        self.names = names
    }

    /// The elements.
    public var items: [Value] {
        guard let pair else { return array }
        return [pair.0, pair.1]
    }

    /// How many elements there are.
    public var count: Int { pair == nil ? array.count : 2 }

    /// The element at an index from 0.
    public subscript(index: Int) -> Value {
        guard let pair else { return array[index] }
        return index == 0 ? pair.0 : pair.1
    }

    /// The element of a named tuple.
    func element(named name: String) -> Value? {
        guard let index = names?.firstIndex(of: name) else { return nil }
        return self[index]
    }

    /// Whether a condition holds for one of the elements.
    func contains(where holds: (Value) throws -> Bool) rethrows -> Bool {
        guard let pair else { return try array.contains(where: holds) }
        return try holds(pair.0) || holds(pair.1)
    }

    /// Takes the elements out of a tuple that nobody else holds.
    func take() -> [Value] {
        defer { (pair, array) = (nil, []) }
        return items
    }

    deinit {
        guard contains(where: \.holdsContainers) else { return }
        var items = take()
        Teardown.release(&items)
    }
}
