/// The special variable `loop`.
final class LoopObject: Object {
    @exclusivity(unchecked) private var elements: ElementIterator
    private let depth: Int
    private let recursion: LoopRecursion?
    /// Whether `previtem` may be asked for.
    private let tracksItems: Bool
    @exclusivity(unchecked) private(set) var index0 = -1
    @exclusivity(unchecked) private var current: Value?
    @exclusivity(unchecked) private var previous: Value?
    @exclusivity(unchecked) private var lastChanged: [Value]?

    init(_ elements: ElementIterator, depth: Int, recursion: LoopRecursion?, tracksItems: Bool) {
        self.elements = elements
        self.tracksItems = tracksItems
        self.depth = depth
        self.recursion = recursion
    }

    /// Goes to the next element.
    func advance() -> Value? {
        guard let next = elements.next() else { return nil }
        index0 += 1
        if tracksItems {
            previous = current
            current = next
        }
        return next
    }

    /// Goes to the next element, which whoever runs the loop has already.
    func skip() {
        elements.skip()
        index0 += 1
    }

    /// Whether this is the first pass.
    @inline(__always) var isFirst: Bool { index0 == 0 }
    /// Whether this is the last pass.
    @inline(__always) var isLast: Bool { elements.isAtEnd }

    override var typeName: String { "LoopContext" }
    override var repr: String { "<LoopContext \(index0 + 1)/\(elements.count)>" }
    override var length: Int? { elements.count }
    override var isCallable: Bool { true }

    /// The attributes.
    enum Property: String, Sendable {
        case index, index0, first, last, length, revindex, revindex0, depth, depth0, previtem, nextitem, cycle, changed
    }

    /// The value of an attribute.
    func value(of property: Property, _ runtime: Runtime) -> Value {
        switch property {
        case .index: .int(index0 + 1)
        case .index0: .int(index0)
        case .first: .bool(index0 == 0)
        case .last: .bool(elements.isAtEnd)
        case .length: .int(elements.count)
        case .revindex: .int(elements.count - index0)
        case .revindex0: .int(elements.count - index0 - 1)
        case .depth: .int(depth + 1)
        case .depth0: .int(depth)
        case .previtem: index0 == 0 ? runtime.undefined(.hint("there is no previous item")) : previous ?? .none
        case .nextitem: elements.peek ?? runtime.undefined(.hint("there is no next item"))
        case .cycle, .changed: .object(BoundMethod(of: .object(self), property.rawValue))
        }
    }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        Property(rawValue: name).map { value(of: $0, runtime) }
    }

    override func callMethod(_ name: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "cycle":
            guard !arguments.positional.isEmpty else { throw TemplateError.type("no items for cycling given") }
            return arguments.positional[index0 % arguments.positional.count]
        case "changed":
            let isSame = lastChanged.map { $0 == arguments.positional } ?? false
            lastChanged = arguments.positional
            return .bool(!isSame)
        default: return nil
        }
    }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        guard let recursion else {
            throw TemplateError.type("The loop must have the 'recursive' marker to be called recursively.")
        }
        return try recursion.statement.recurse(
            over: arguments.required(0, "iterable", of: "loop"), recursion.frame, runtime, depth: depth + 1,
            isNative: recursion.isNative)
    }
}
