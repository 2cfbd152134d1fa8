import OrderedCollections

/// Python's comparison operators on values.
enum Comparison {
    /// Whether `left == right`.
    static func equal(_ left: Value, _ right: Value) throws -> Bool {
        if case .undefined(let a) = left {
            try a.checkComparison()
            if case .undefined(let b) = right { return try a.isEqual(to: b) }
            return false
        }
        if case .undefined(let b) = right {
            try b.checkComparison()
            return false
        }
        return left.isEqual(to: right, depth: 0)
    }

    /// The order of two values: negative, zero, positive; nil when they are not ordered (NaN).
    static func order(_ left: Value, _ right: Value, _ symbol: String, depth: Int = 0) throws -> Int? {
        switch (left, right) {
        case (.int(let a), .int(let b)): return a < b ? -1 : a == b ? 0 : 1
        case (.string(let a), .string(let b)), (.string(let a), .markup(let b)),
            (.markup(let a), .string(let b)), (.markup(let a), .markup(let b)):
            return Text.compare(a, b)
        case (.list(let a), .list(let b)): return try order(a.items, b.items, symbol, depth)
        case (.tuple(let a), .tuple(let b)): return try order(a.items, b.items, symbol, depth)
        case (.undefined(let undefined), _), (_, .undefined(let undefined)): throw undefined.error
        case (.object(let object), _):
            if let result = try object.compare(to: right) { return result }
        case (_, .object(let object)):
            if let result = try object.compare(to: left) { return -result }
        default:
            if let a = Number(left), let b = Number(right) { return a.compare(to: b) }
        }
        throw TemplateError.type(
            "'\(symbol)' not supported between instances of '\(left.typeName)' and '\(right.typeName)'")
    }

    private static func order(_ a: [Value], _ b: [Value], _ symbol: String, _ depth: Int) throws -> Int? {
        guard depth < Value.comparisonDepth else { throw TemplateError.limit("the compared values are nested too deeply") }
        for index in 0..<min(a.count, b.count) where !a[index].isEqual(to: b[index], depth: depth) {
            return try order(a[index], b[index], symbol, depth: depth + 1)
        }
        return a.count - b.count
    }

    /// Whether `left < right`, for sorting.
    static func isLess(_ left: Value, _ right: Value) throws -> Bool { (try order(left, right, "<") ?? 1) < 0 }

    /// Whether `element in container`.
    static func contains(_ container: Value, _ element: Value) throws -> Bool {
        switch container {
        case .string(let text), .markup(let text):
            switch element {
            case .string(let part), .markup(let part): return TextSearch.find(part, in: text) != nil
            default:
                throw TemplateError.type("'in <string>' requires string as left operand, not \(element.typeName)")
            }
        case .list(let list): return try search(list.items, element)
        case .tuple(let tuple): return try search(tuple.items, element)
        case .dict(let dict): return dict.storage[try element.hashable()] != nil
        case .set(let set): return set.contains(try element.hashable())
        case .undefined(let undefined): return try search(try undefined.iterate(), element)
        case .object(let object):
            if let result = try object.contains(element) { return result }
            if let items = try object.iterate() { return try search(items, element) }
        default: break
        }
        throw TemplateError.type("argument of type '\(container.typeName)' is not iterable")
    }

    static func search(_ items: [Value], _ element: Value) throws -> Bool {
        for item in items where try equal(item, element) { return true }
        return false
    }

    /// Whether `left is right`, as far as values can tell.
    static func identical(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.string(let a), .string(let b)): Text.equal(a, b)
        case (.markup(let a), .markup(let b)): Text.equal(a, b)
        case (.list(let a), .list(let b)): a === b
        case (.tuple(let a), .tuple(let b)): a === b
        case (.dict(let a), .dict(let b)): a === b
        case (.set(let a), .set(let b)): a === b
        case (.object(let a), .object(let b)): a === b
        case (.undefined(let a), .undefined(let b)): a === b
        default: false
        }
    }

    /// Whether `[left] < [right]`: values that are equal need no order.
    static func isLessInList(_ left: Value, _ right: Value) throws -> Bool {
        switch (left, right) {
        case (.int(let a), .int(let b)): a < b
        case (.string(let a), .string(let b)): Text.compare(a, b) < 0
        default: try !equal(left, right) && isLess(left, right)
        }
    }

    /// ``sorted(_:reverse:isLess:by:)`` for a few elements, by insertion.
    private static func sortedFew(
        _ items: [Value], reverse: Bool, isLess: (Value, Value) throws -> Bool, by key: (Value) throws -> Value
    ) throws -> [Value] {
        var keys = try items.map(key)
        var sorted = items
        for index in items.indices.dropFirst() {
            var place = index
            while place > 0, try reverse ? isLess(keys[place - 1], keys[place]) : isLess(keys[place], keys[place - 1]) {
                keys.swapAt(place, place - 1)
                sorted.swapAt(place, place - 1)
                place -= 1
            }
        }
        return sorted
    }

    /// Sorts by key, keeping the order of equal elements; `reverse` keeps it too, as Python does.
    static func sorted(
        _ items: [Value], reverse: Bool, isLess: (Value, Value) throws -> Bool = { try isLess($0, $1) },
        by key: (Value) throws -> Value
    ) throws -> [Value] {
        if items.count <= 12 { return try sortedFew(items, reverse: reverse, isLess: isLess, by: key) }
        let keyed = try items.map { (key: try key($0), value: $0) }
        let source = reverse ? keyed.reversed() : keyed
        let ordered = try source.sorted { try isLess($0.key, $1.key) }
        let result = reverse ? ordered.reversed() : ordered
        return result.map(\.value)
    }
}
