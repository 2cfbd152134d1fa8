/// Assignment to names, tuples of names, and attributes of namespaces.
enum Assignment {
    /// Assigns a value.
    static func assign(_ value: Value, to target: Expression, _ frame: Frame, _ runtime: Runtime) throws {
        if let name = target as? NameExpression { return frame.store(value, name.variable) }
        if let names = target as? SequenceExpression { return try unpack(value, into: names, frame, runtime) }
        if let attribute = target as? NamespaceTarget {
            try attribute.namespace(frame, runtime)[attribute.attribute] = value
        }
    }

    private static func unpack(
        _ value: Value, into target: SequenceExpression, _ frame: Frame, _ runtime: Runtime
    ) throws {
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
