/// Goes through the elements of a value, without copying them where that is possible.
struct ElementIterator {
    private enum Source {
        case list(List)
        case items([Value])
        case range(start: Int, step: Int)
    }

    private let source: Source
    private var position = 0
    private let fixedCount: Int

    /// Fails when the value cannot be iterated.
    init(_ value: Value) throws {
        if case .list(let list) = value {
            self.init(.list(list), 0)
        } else if case .object(let object) = value, let range = object as? RangeObject {
            self.init(.range(start: range.start, step: range.step), range.count)
        } else {
            self.init(items: try value.iterate())
        }
    }

    /// Goes through the given elements.
    init(items: [Value]) {
        self.init(.items(items), items.count)
    }

    private init(_ source: Source, _ count: Int) {
        self.source = source
        fixedCount = count
    }

    /// How many elements there are in all.
    var count: Int {
        if case .list(let list) = source { list.items.count } else { fixedCount }
    }

    /// The element that comes next, nil at the end.
    var peek: Value? {
        switch source {
        case .list(let list): position < list.items.count ? list.items[position] : nil
        case .items(let items): position < fixedCount ? items[position] : nil
        case .range(let start, let step): position < fixedCount ? .int(start + position * step) : nil
        }
    }

    /// Whether no element comes next.
    var isAtEnd: Bool { position >= count }

    /// The next element, nil at the end.
    mutating func next() -> Value? {
        guard let element = peek else { return nil }
        position += 1
        return element
    }
}
