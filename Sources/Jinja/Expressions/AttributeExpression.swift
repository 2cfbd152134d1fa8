/// `object.name`: an attribute, else an item.
package struct AttributeExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let object: Expression
        let name: Name
        /// What the name means for the variable `loop`.
        let loopProperty: LoopObject.Property?
    }

    static let kind = NodeKind.attribute
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ object: Expression, _ name: Name, _ arena: Arena, offset: Int) {
        var property: LoopObject.Property?
        if let variable = object.cast(NameExpression.self), variable.number == NameTable.Special.loop {
            property = LoopObject.Property(rawValue: name.text)
        }
        name.prepareForAttribute(arena)
        let head = NodeHead(.attribute, offset, height: object.height + 1)
        node = arena.make(Storage(head: head, object: object, name: name, loopProperty: property))
    }

    /// What the attribute is taken of.
    package var object: Expression { node.pointee.object }
    /// The name of the attribute.
    package var name: String { node.pointee.name.text }

    /// The name with the method it means.
    @inline(__always) var attribute: AttributeName {
        let name = node.pointee.name.storage
        return AttributeName(name.pointee.text.pointee, name.pointee.method)
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if let property = node.pointee.loopProperty, let value = withLoop(frame, { $0.value(of: property, runtime) }) {
            return value
        }
        if let place = peek(frame) { return place.pointee }
        let value = try node.pointee.object.evaluate(frame, runtime)
        if case .dict(let dict) = value {
            let item = withExtendedLifetime(dict) { pointer(in: dict)?.pointee }
            if let item { return item }
        }
        return try general(value, frame, runtime)
    }

    /// Where the item of a dict or the attribute of a namespace is, when the object is at hand and is one; valid until
    /// something else is evaluated.
    @inline(__always) func peek(_ frame: Frame) -> UnsafePointer<Value>? {
        guard node.pointee.object.kind == .name || node.pointee.object.kind == .attribute,
            let object = node.pointee.object.peek(frame)
        else { return nil }
        // The variable holds the object until something is evaluated, so that no references are counted.
        switch object.pointee {
        case .dict(let dict): return Unmanaged.passUnretained(dict)._withUnsafeGuaranteedRef { pointer(in: $0) }
        case .object(let object):
            return Unmanaged.passUnretained(object)._withUnsafeGuaranteedRef { object in
                guard type(of: object) == Namespace.self, let key = node.pointee.name.storage.pointee.key else { return nil }
                return unsafeDowncast(object, to: Namespace.self).pointer(for: key)
            }
        default: return nil
        }
    }

    /// ``peek(_:)`` for attributes of attributes.
    @inline(never) func peekDeep(_ frame: Frame) -> UnsafePointer<Value>? { peek(frame) }

    @inline(__always) private func pointer(in dict: Dict) -> UnsafePointer<Value>? {
        let name = node.pointee.name.storage
        guard name.pointee.method == nil, let key = name.pointee.key else { return nil }
        return dict.pointer(for: key)
    }

    /// What `body` makes of the loop object that an attribute of the variable `loop` is taken of; nil when it is none.
    ///
    /// The variable holds the object meanwhile, so that no references are counted.
    @inline(__always) private func withLoop<Result>(_ frame: Frame, _ body: (LoopObject) -> Result) -> Result? {
        guard case .object(let object)? = node.pointee.object.peek(frame)?.pointee else { return nil }
        return Unmanaged.passUnretained(object)._withUnsafeGuaranteedRef { object in
            type(of: object) == LoopObject.self ? body(unsafeDowncast(object, to: LoopObject.self)) : nil
        }
    }

    /// Whether this is `loop.first` or `loop.last`.
    var isLoopFlag: Bool { node.pointee.loopProperty == .first || node.pointee.loopProperty == .last }

    /// `loop.first` or `loop.last`.
    @inline(__always) func loopFlag(_ frame: Frame) -> Bool? {
        switch node.pointee.loopProperty {
        case .last: withLoop(frame) { $0.isLast }
        case .first: withLoop(frame) { $0.isFirst }
        default: nil
        }
    }

    /// `loop.index` or `loop.index0`.
    @inline(__always) func loopNumber(_ frame: Frame) -> Int? {
        switch node.pointee.loopProperty {
        case .index: withLoop(frame) { $0.index0 + 1 }
        case .index0: withLoop(frame) { $0.index0 }
        default: nil
        }
    }

    @inline(never) private func general(_ value: Value, _ frame: Frame, _ runtime: Runtime) throws -> Value {
        return try locating(frame) { try runtime.attribute(of: value, attribute) }
    }
}
