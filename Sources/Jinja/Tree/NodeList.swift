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

    @inline(__always) subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return first.unsafelyUnwrapped[index]
    }
}
