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
        if !name.storage.pointee.isMethodKnown {
            name.storage.pointee.method = Method.named[name.text]
            name.storage.pointee.isMethodKnown = true
        }
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
        let value = try node.pointee.object.evaluate(frame, runtime)
        switch value {
        case .object(let object):
            if let property = node.pointee.loopProperty, type(of: object) == LoopObject.self {
                return unsafeDowncast(object, to: LoopObject.self).value(of: property, runtime)
            }
        case .dict(let dict):
            let name = node.pointee.name.storage
            if name.pointee.method == nil, let item = dict.value(for: name.pointee.text.pointee) { return item }
        default: break
        }
        return try general(value, frame, runtime)
    }

    /// `loop.first` or `loop.last`.
    @inline(__always) func loopFlag(_ frame: Frame) -> Bool? {
        guard let property = node.pointee.loopProperty, property == .last || property == .first,
            case .object(let object)? = frame.load(node.pointee.object.view(NameExpression.self).variable),
            type(of: object) == LoopObject.self
        else { return nil }
        let loop = unsafeDowncast(object, to: LoopObject.self)
        return property == .last ? loop.isLast : loop.isFirst
    }

    @inline(never) private func general(_ value: Value, _ frame: Frame, _ runtime: Runtime) throws -> Value {
        try locating(frame) { try runtime.attribute(of: value, attribute) }
    }
}
