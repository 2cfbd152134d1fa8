/// Goes through the elements of a value, without copying them where that is possible.
struct ElementIterator {
    private enum Source {
        case list, items, pairs, range
    }

    private let source: Source
    /// The list, which the loop may change while it goes through it.
    private let list: List?
    private let items: [Value]
    /// What each of ``items`` makes a pair with.
    private let seconds: [Value]
    private let start: Int
    private let step: Int
    private let fixedCount: Int
    private var position = 0

    /// Fails when the value cannot be iterated.
    init(_ value: Value) throws {
        if case .list(let list) = value {
            self.init(.list, list: list)
        } else if case .object(let object) = value, let range = object as? RangeObject {
            self.init(.range, start: range.start, step: range.step, count: range.count)
        } else {
            self.init(items: try value.iterate())
        }
    }

    /// Goes through the given elements.
    init(items: [Value]) { self.init(.items, items: items, count: items.count) }

    /// Goes through the items of a dict.
    init(pairs: DictView.Pairs) {
        self.init(.pairs, items: pairs.keys, seconds: pairs.values, count: pairs.keys.count)
    }

    private init(
        _ source: Source, list: List? = nil, items: [Value] = [], seconds: [Value] = [], start: Int = 0, step: Int = 0,
        count: Int = 0
    ) {
        self.source = source
        self.list = list
        self.items = items
        self.seconds = seconds
        self.start = start
        self.step = step
        fixedCount = count
    }

    /// How many elements there are in all.
    @inline(__always) var count: Int {
        // This keeps the list alive, so that no references are counted.
        guard let list else { return fixedCount }
        return Unmanaged.passUnretained(list)._withUnsafeGuaranteedRef { $0.items.count }
    }

    /// The element that comes next, nil at the end.
    var peek: Value? {
        guard position < count else { return nil }
        switch source {
        case .range: return .int(start + position * step)
        case .items: return items[position]
        case .pairs: return .tuple(Tuple(items[position], seconds[position]))
        case .list:
            guard let list else { return nil }
            return Unmanaged.passUnretained(list)._withUnsafeGuaranteedRef { $0.items[position] }
        }
    }

    /// Whether no element comes next.
    @inline(__always) var isAtEnd: Bool { position >= count }

    /// Goes past the next element.
    mutating func skip() { position += 1 }

    /// The next element, nil at the end.
    mutating func next() -> Value? {
        guard let element = peek else { return nil }
        position += 1
        return element
    }
}
