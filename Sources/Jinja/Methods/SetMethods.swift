import OrderedCollections

/// The methods of sets.
enum SetMethods {
    static func call(_ method: Method, _ set: ValueSet, _ arguments: Arguments) throws -> Value? {
        switch method {
        case .add: set.insert(try arguments.required(0, "element", of: "add").hashable())
        case .discard: set.storage.remove(try arguments.required(0, "element", of: "discard").hashable())
        case .remove:
            let element = try arguments.required(0, "element", of: "remove").hashable()
            guard set.storage.remove(element) != nil else { throw TemplateError(.key, element.pythonRepr) }
        case .pop:
            guard !set.storage.isEmpty else { throw TemplateError(.key, "'pop from an empty set'") }
            return set.storage.removeFirst()
        case .clear: set.storage = []
        case .copy: return .set(ValueSet(set.elements))
        case .update: for other in try others(arguments) { set.storage.formUnion(other) }
        case .differenceUpdate: for other in try others(arguments) { set.storage.subtract(other) }
        case .intersectionUpdate: for other in try others(arguments) { set.storage.formIntersection(other) }
        case .union: return try combined(set, arguments) { $0.formUnion($1) }
        case .difference: return try combined(set, arguments) { $0.subtract($1) }
        case .intersection: return try combined(set, arguments) { $0.formIntersection($1) }
        case .symmetricDifference: return try combined(set, arguments) { $0.formSymmetricDifference($1) }
        case .issubset: return .bool(try others(arguments).allSatisfy { set.storage.isSubset(of: $0) })
        case .issuperset: return .bool(try others(arguments).allSatisfy { set.storage.isSuperset(of: $0) })
        case .isdisjoint: return .bool(try others(arguments).allSatisfy { set.storage.isDisjoint(with: $0) })
        default: return nil
        }
        return Value.none
    }

    private static func others(_ arguments: Arguments) throws -> [OrderedSet<Value>] {
        try arguments.positional.map { OrderedSet(try $0.iterate().map { try $0.hashable() }) }
    }

    private static func combined(
        _ set: ValueSet, _ arguments: Arguments, _ combine: (inout OrderedSet<Value>, OrderedSet<Value>) -> Void
    ) throws -> Value {
        let result = ValueSet(set.elements)
        for other in try others(arguments) { combine(&result.storage, other) }
        return .set(result)
    }
}
