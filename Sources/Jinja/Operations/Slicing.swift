/// Python's indexes and slices.
enum Slicing {
    /// The element at an index that may count from the end, nil when there is none.
    static func element(_ items: [Value], _ key: Value) -> Value? {
        guard var index = key.intValue else { return nil }
        if index < 0 { index += items.count }
        return items.indices.contains(index) ? items[index] : nil
    }

    /// The element at an index that may count from the end, nil when there is none.
    static func element(_ tuple: Tuple, _ key: Value) -> Value? {
        guard var index = key.intValue else { return nil }
        if index < 0 { index += tuple.count }
        return 0..<tuple.count ~= index ? tuple[index] : nil
    }

    /// The character at an index that may count from the end, nil when there is none.
    static func character(_ text: String, _ key: Value) -> String? {
        guard var index = key.intValue else { return nil }
        if Text.isASCII(text) {
            if index < 0 { index += text.utf8.count }
            guard index >= 0, index < text.utf8.count else { return nil }
            let place = text.utf8.index(text.utf8.startIndex, offsetBy: index)
            return String(Unicode.Scalar(text.utf8[place]))
        }
        let scalars = Array(text.unicodeScalars)
        if index < 0 { index += scalars.count }
        return scalars.indices.contains(index) ? String(scalars[index]) : nil
    }

    /// `value[start:stop:step]`.
    static func slice(_ value: Value, _ start: Value, _ stop: Value, _ step: Value) throws -> Value {
        switch value {
        case .list(let list): return .list(List(pick(list.items, try indices(list.count, start, stop, step))))
        case .tuple(let tuple): return .tuple(Tuple(pick(tuple.items, try indices(tuple.items.count, start, stop, step))))
        case .string(let text): return .string(try slice(text, start, stop, step))
        case .markup(let text): return .markup(try slice(text, start, stop, step))
        case .object(let range as RangeObject): return .object(try range.slice(start, stop, step))
        case .undefined(let undefined): return try undefined.item(.none)
        case .dict: throw TemplateError.type("unhashable type: 'slice'")
        default: throw TemplateError.type("'\(value.typeName)' object is not subscriptable")
        }
    }

    private static func slice(_ text: String, _ start: Value, _ stop: Value, _ step: Value) throws -> String {
        if Text.isASCII(text) {
            let bytes = Array(text.utf8)
            return String(decoding: pick(bytes, try indices(bytes.count, start, stop, step)), as: UTF8.self)
        }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        result.append(contentsOf: pick(scalars, try indices(scalars.count, start, stop, step)))
        return String(result)
    }

    private static func pick<T>(_ items: [T], _ range: StrideTo<Int>) -> [T] { range.map { items[$0] } }

    /// The indexes a slice covers.
    static func indices(_ count: Int, _ start: Value, _ stop: Value, _ step: Value) throws -> StrideTo<Int> {
        let stride = step.isNone ? 1 : try bound(step)
        guard stride != 0 else { throw TemplateError.value("slice step cannot be zero") }
        let lowest = stride > 0 ? 0 : -1
        let highest = stride > 0 ? count : count - 1
        func clamp(_ value: Value, default fallback: Int) throws -> Int {
            if value.isNone { return fallback }
            let index = try bound(value)
            return min(max(index < 0 ? index + count : index, lowest), highest)
        }
        let first = try clamp(start, default: stride > 0 ? 0 : count - 1)
        let last = try clamp(stop, default: stride > 0 ? count : -1)
        return Swift.stride(from: first, to: last, by: max(-(1 << 40), min(stride, 1 << 40)))
    }

    private static func bound(_ value: Value) throws -> Int {
        switch value {
        case .int(let index): return max(-(1 << 40), min(index, 1 << 40))
        case .bool(let flag): return flag ? 1 : 0
        case .bigInt(let number): return number.isNegative ? -(1 << 40) : 1 << 40
        default: throw TemplateError.type("slice indices must be integers or None or have an __index__ method")
        }
    }
}
