/// Elements that stand one behind the other in an ``Arena``.
struct NodeList<Element>: RandomAccessCollection, @unchecked Sendable {
    // Part of a syntax tree, which nobody changes once its template is shared.
    private let first: UnsafeMutablePointer<Element>?
    let count: Int

    init() {
        first = nil
        count = 0
    }

    init(first: UnsafeMutablePointer<Element>, count: Int) {
        self.first = first
        self.count = count
    }

    @inline(__always) var startIndex: Int { 0 }
    @inline(__always) var endIndex: Int { count }
    @inline(__always) var isEmpty: Bool { count == 0 }

    /// Goes from element to element by address; the indices of a collection would be checked each time.
    struct Iterator: IteratorProtocol {
        fileprivate var place: UnsafeMutablePointer<Element>
        fileprivate var rest: Int

        @inline(__always) mutating func next() -> Element? {
            guard rest > 0 else { return nil }
            defer { place += 1 }
            rest &-= 1
            return place.pointee
        }
    }

    @inline(__always) func makeIterator() -> Iterator {
        // Where there is no element there is no address, and none is read.
        Iterator(place: first ?? UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped, rest: count)
    }

    /// The address of the first element.
    @inline(__always) var base: UnsafeMutablePointer<Element>? { first }

    @inline(__always) subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return first.unsafelyUnwrapped[index]
    }
}
