/// The memory of a template's syntax tree: nodes and lists stand one behind the other and are freed all at once.
///
/// Written only while the template is parsed and never changed afterwards, which is before it is shared between
/// threads; hence `@unchecked Sendable`.
final class Arena: @unchecked Sendable {
    /// A value that has to be released.
    struct Cell<Content> {
        var next: UnsafeMutablePointer<Cell<Content>>?
        var content: Content
    }

    /// The newest chunk; each begins with the address of the one before.
    @exclusivity(unchecked) private var chunk: UnsafeMutableRawPointer?
    @exclusivity(unchecked) private var cursor: UnsafeMutableRawPointer
    @exclusivity(unchecked) private var room = 0
    @exclusivity(unchecked) private var nextSize: Int
    @exclusivity(unchecked) private var values: UnsafeMutablePointer<Cell<Value>>?
    @exclusivity(unchecked) private var names: UnsafeMutablePointer<Cell<String>>?
    @exclusivity(unchecked) private var arguments: UnsafeMutablePointer<Cell<Arguments>>?
    @exclusivity(unchecked) private var objects: [AnyObject] = []

    /// - Parameter hint: About how many bytes will be needed.
    init(hint: Int) {
        nextSize = max(1024, min(hint, 1 << 20))
        cursor = UnsafeMutableRawPointer(bitPattern: 8).unsafelyUnwrapped
    }

    deinit {
        Arena.release(values)
        Arena.release(names)
        Arena.release(arguments)
        while let current = chunk {
            chunk = current.load(as: UnsafeMutableRawPointer?.self)
            current.deallocate()
        }
    }

    private static func release<Content>(_ first: UnsafeMutablePointer<Cell<Content>>?) {
        var next = first
        while let cell = next {
            next = cell.pointee.next
            cell.deinitialize(count: 1)
        }
    }

    /// Memory for that many bytes, on a multiple of 16.
    @inline(__always) func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        let rounded = (size + 15) & ~15
        if rounded > room { grow(rounded) }
        defer {
            cursor += rounded
            room -= rounded
        }
        return cursor
    }

    @inline(never) private func grow(_ size: Int) {
        let bytes = max(nextSize, size + 16)
        let fresh = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        fresh.storeBytes(of: chunk, as: UnsafeMutableRawPointer?.self)
        chunk = fresh
        cursor = fresh + 16
        room = bytes - 16
        nextSize = min(bytes * 2, 1 << 20)
    }

    /// Stores something that needs no release.
    @inline(__always) func make<Content>(_ content: Content) -> UnsafeMutablePointer<Content> {
        let place = allocate(MemoryLayout<Content>.size).bindMemory(to: Content.self, capacity: 1)
        place.initialize(to: content)
        return place
    }

    /// Stores elements that need no release.
    @inline(__always) func list<Element>(_ elements: UnsafeBufferPointer<Element>) -> NodeList<Element> {
        guard let first = elements.baseAddress, elements.count > 0 else { return NodeList() }
        let place = allocate(MemoryLayout<Element>.stride * elements.count)
            .bindMemory(to: Element.self, capacity: elements.count)
        place.initialize(from: first, count: elements.count)
        return NodeList(first: place, count: elements.count)
    }

    /// Stores elements that need no release.
    func list<Element>(_ elements: [Element], from start: Int = 0) -> NodeList<Element> {
        elements.withUnsafeBufferPointer { list(UnsafeBufferPointer(rebasing: $0[start...])) }
    }

    /// Stores elements that need no release. There is at least one.
    func copy<Element>(_ elements: UnsafeBufferPointer<Element>) -> UnsafeMutablePointer<Element> {
        let place = allocate(MemoryLayout<Element>.stride * elements.count)
            .bindMemory(to: Element.self, capacity: elements.count)
        place.initialize(from: elements.baseAddress.unsafelyUnwrapped, count: elements.count)
        return place
    }

    /// Stores text, with eight bytes more behind it.
    func keep(bytes: [UInt8]) -> UnsafePointer<UInt8> {
        let place = allocate(bytes.count + 8).bindMemory(to: UInt8.self, capacity: bytes.count + 8)
        place.initialize(repeating: 0, count: bytes.count + 8)
        for (index, byte) in bytes.enumerated() { place[index] = byte }
        return UnsafePointer(place)
    }

    /// Stores a value.
    func keep(_ value: Value) -> UnsafeMutablePointer<Value> {
        switch value {
        case .none, .bool, .int, .double: make(value)
        default: keep(value, in: &values)
        }
    }

    /// Stores a string.
    func keep(_ text: String) -> UnsafeMutablePointer<String> {
        // Strings of up to 15 bytes lie in the place itself: there is nothing to release.
        text.utf8.count <= 15 ? make(text) : keep(text, in: &names)
    }

    /// Stores arguments.
    func keep(_ list: Arguments) -> UnsafeMutablePointer<Arguments> { keep(list, in: &arguments) }

    /// Keeps an object alive.
    func keep<Kept: AnyObject>(_ object: Kept) -> Unmanaged<Kept> {
        objects.append(object)
        return .passUnretained(object)
    }

    private func keep<Content>(
        _ content: Content, in list: inout UnsafeMutablePointer<Cell<Content>>?
    ) -> UnsafeMutablePointer<Content> {
        let cell = make(Cell(next: list, content: content))
        list = cell
        let offset = MemoryLayout<Cell<Content>>.offset(of: \.content) ?? 0
        return (UnsafeMutableRawPointer(cell) + offset).assumingMemoryBound(to: Content.self)
    }
}
