/// Assignment to names, tuples of names, and attributes of namespaces.
enum Assignment {
    /// Assigns a value.
    static func assign(_ value: Value, to target: Expression, _ frame: Frame, _ runtime: Runtime) throws {
        switch target.kind {
        case .name: frame.store(value, target.view(NameExpression.self).variable)
        case .sequence: try unpack(value, into: target.view(), frame, runtime)
        case .namespaceTarget:
            let attribute = target.view(NamespaceTarget.self)
            attribute.assign(value, to: try attribute.namespace(frame, runtime))
        default: break
        }
    }

    private static func unpack(
        _ value: Value, into target: SequenceExpression, _ frame: Frame, _ runtime: Runtime
    ) throws {
        if case .tuple(let tuple) = value, tuple.count == 2, target.items.count == 2 {
            try assign(tuple[0], to: target.items[0], frame, runtime)
            return try assign(tuple[1], to: target.items[1], frame, runtime)
        }
        let items = try target.locating(frame) {
            let items: [Value]
            switch value {
            case .tuple(let tuple): items = tuple.items
            case .list(let list): items = list.items
            default:
                guard value.isIterable else {
                    throw TemplateError.type("cannot unpack non-iterable \(value.typeName) object")
                }
                items = try value.iterate()
            }
            let expected = target.items.count
            if items.count > expected { throw TemplateError.value("too many values to unpack (expected \(expected))") }
            if items.count < expected {
                throw TemplateError.value("not enough values to unpack (expected \(expected), got \(items.count))")
            }
            return items
        }
        for (item, part) in zip(items, target.items) { try assign(item, to: part, frame, runtime) }
    }
}
