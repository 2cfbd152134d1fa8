/// The methods of tuples, which lists have too.
enum TupleMethods {
    static func call(
        _ method: Method, _ items: [Value], _ arguments: Arguments, typeName: String = "tuple"
    ) throws -> Value? {
        switch method {
        case .count:
            let value = try arguments.required(0, "value", of: "count")
            return .int(items.reduce(0) { $0 + ($1 == value ? 1 : 0) })
        case .index:
            let value = try arguments.required(0, "value", of: "index")
            let start = bound(try arguments.int(1, "start", default: 0, of: "index"), items.count)
            let end = bound(try arguments.int(2, "stop", default: .max, of: "index"), items.count)
            if start < end, let index = items[start..<end].firstIndex(of: value) { return .int(index) }
            throw TemplateError.value(
                typeName == "list" ? "\(value.pythonRepr) is not in list" : "tuple.index(x): x not in tuple")
        default: return nil
        }
    }

    private static func bound(_ index: Int, _ count: Int) -> Int { max(0, min(index < 0 ? index + count : index, count)) }
}
