/// The methods of lists.
enum ListMethods {
    static func call(_ method: Method, _ list: List, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        switch method {
        case .append:
            list.items.append(try arguments.required(0, "object", of: "append"))
        case .extend:
            let items = try arguments.required(0, "iterable", of: "extend").iterate()
            try Arithmetic.checkSize(list.count + items.count)
            list.items.append(contentsOf: items)
        case .insert:
            let index = try arguments.required(0, "index", of: "insert").index()
            let place = index < 0 ? max(0, index + list.count) : min(index, list.count)
            list.items.insert(try arguments.required(1, "object", of: "insert"), at: place)
        case .pop:
            if list.items.isEmpty { throw TemplateError(.index, "pop from empty list") }
            var index = try arguments.int(0, "index", default: -1, of: "pop")
            if index < 0 { index += list.count }
            guard list.items.indices.contains(index) else { throw TemplateError(.index, "pop index out of range") }
            return list.items.remove(at: index)
        case .remove:
            let value = try arguments.required(0, "value", of: "remove")
            guard let index = list.items.firstIndex(of: value) else {
                throw TemplateError.value("list.remove(x): x not in list")
            }
            list.items.remove(at: index)
        case .reverse: list.items.reverse()
        case .clear: list.items = []
        case .copy: return .list(List(list.items))
        case .sort: try sort(list, arguments, runtime)
        default: return try TupleMethods.call(method, list.items, arguments, typeName: "list")
        }
        return Value.none
    }

    private static func sort(_ list: List, _ arguments: Arguments, _ runtime: Runtime) throws {
        let key = arguments["key"]
        list.items = try Comparison.sorted(list.items, reverse: try arguments["reverse"]?.truth() ?? false) { item in
            guard let key, !key.isNone else { return item }
            return try runtime.call(key, Arguments([item]))
        }
    }
}
