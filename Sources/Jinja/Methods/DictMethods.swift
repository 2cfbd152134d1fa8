import OrderedCollections

/// The methods of dicts.
enum DictMethods {
    static func call(_ method: Method, _ dict: Dict, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        switch method {
        case .get:
            let key = try arguments.required(0, "key", of: "get").hashable()
            return dict.storage[key] ?? arguments.value(1, "default") ?? Value.none
        case .items: return .object(DictView(dict, .items))
        case .keys: return .object(DictView(dict, .keys))
        case .values: return .object(DictView(dict, .values))
        case .update: try update(dict, arguments, runtime)
        case .pop:
            let key = try arguments.required(0, "key", of: "pop").hashable()
            if let value = dict.storage.removeValue(forKey: key) ?? arguments.value(1, "default") { return value }
            throw TemplateError(.key, key.pythonRepr)
        case .popitem:
            guard let (key, value) = dict.storage.elements.last else {
                throw TemplateError(.key, "'popitem(): dictionary is empty'")
            }
            dict.storage.removeLast()
            return .tuple(Tuple(key, value))
        case .setdefault:
            let key = try arguments.required(0, "key", of: "setdefault").hashable()
            if let value = dict.storage[key] { return value }
            let value = arguments.value(1, "default") ?? .none
            dict.storage[key] = value
            return value
        case .clear: dict.storage = [:]
        case .copy: return .dict(dict.copy())
        case .fromkeys:
            let value = arguments.value(1, "value") ?? .none
            return .dict(Dict(try arguments.required(0, "iterable", of: "fromkeys").iterate().map { (try $0.hashable(), value) }))
        default: return nil
        }
        return Value.none
    }

    /// Adds the pairs of a mapping or of an iterable of pairs, then the named arguments.
    static func update(_ dict: Dict, _ arguments: Arguments, _ runtime: Runtime) throws {
        if arguments.positional.count > 1 {
            throw TemplateError.type("update expected at most 1 argument, got \(arguments.positional.count)")
        }
        if case .undefined(let undefined)? = arguments.positional.first { throw undefined.error }
        if let source = arguments.positional.first {
            for (key, value) in try pairs(source, runtime) { dict.storage[try key.hashable()] = value }
        }
        for (name, value) in arguments.named { dict.storage[.string(name)] = value }
    }

    private static func pairs(_ source: Value, _ runtime: Runtime) throws -> [(Value, Value)] {
        if let pairs = try source.mappingPairs(runtime) { return pairs }
        return try source.iterate().enumerated().map { index, pair in
            guard pair.isIterable else {
                throw TemplateError.type("cannot convert dictionary update sequence element #\(index) to a sequence")
            }
            let parts = try pair.iterate()
            guard parts.count == 2 else {
                throw TemplateError.value(
                    "dictionary update sequence element #\(index) has length \(parts.count); 2 is required")
            }
            return (parts[0], parts[1])
        }
    }
}
