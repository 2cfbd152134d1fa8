/// The arguments of a call, filter or test in the source.
package struct CallArguments: @unchecked Sendable {
    // Points into a syntax tree, which nobody changes once its template is shared.

    /// A named argument.
    struct Keyed {
        let name: Name
        let value: Expression
    }

    struct Storage {
        var items = NodeList<Expression>()
        var keyed = NodeList<Keyed>()
        var variadic: Expression?
        var keywords: Expression?
    }

    private let storage: UnsafeMutablePointer<Storage>?

    /// No arguments.
    init() { storage = nil }

    init(_ content: Storage, _ arena: Arena) { storage = arena.make(content) }

    /// The positional arguments.
    @inline(__always) var items: NodeList<Expression> { storage?.pointee.items ?? NodeList() }
    /// The named arguments.
    @inline(__always) var keyed: NodeList<Keyed> { storage?.pointee.keyed ?? NodeList() }
    /// What stands after `*`.
    package var variadic: Expression? { storage?.pointee.variadic }
    /// What stands after `**`.
    package var keywords: Expression? { storage?.pointee.keywords }
    /// The positional arguments.
    package var positional: [Expression] { Array(items) }
    /// The named arguments.
    package var named: [(name: String, value: Expression)] { keyed.map { ($0.name.text, $0.value) } }

    /// Whether there are no arguments at all.
    @inline(__always) var isEmpty: Bool { storage == nil }

    /// Whether there are neither `*args` nor `**kwargs`.
    @inline(__always) var isSimple: Bool {
        guard let storage else { return true }
        return storage.pointee.variadic == nil && storage.pointee.keywords == nil
    }

    /// The argument where there is one only, given by position.
    @inline(__always) var single: Expression? {
        guard isSimple, keyed.isEmpty, items.count == 1 else { return nil }
        return items[0]
    }

    /// The height of the highest argument.
    var height: UInt16 {
        guard let storage else { return 0 }
        var height = max(storage.pointee.variadic?.height ?? 0, storage.pointee.keywords?.height ?? 0)
        for item in items { height = max(height, item.height) }
        for item in keyed { height = max(height, item.value.height) }
        return height
    }
}
