extension Arithmetic {
    /// Concatenation, repetition, formatting and set difference; nil when the operands are others.
    static func sequence(_ operation: BinaryOperator, _ left: Value, _ right: Value, _ runtime: Runtime) throws -> Value? {
        switch operation {
        case .add: try concatenate(left, right)
        case .multiply: try repeated(left, right) ?? repeated(right, left)
        case .modulo:
            switch left {
            case .string(let format): .string(try PercentFormat.format(format, right, runtime))
            case .markup(let format): .markup(try PercentFormat.format(format, right, runtime, escaping: true))
            default: nil
            }
        case .subtract:
            if case .set(let a) = left, case .set(let b) = right {
                .set(ValueSet(a.elements.filter { !b.contains($0) }))
            } else {
                nil
            }
        default: nil
        }
    }

    private static func concatenate(_ left: Value, _ right: Value) throws -> Value? {
        switch (left, right) {
        case (.string(let a), .string(let b)): return .string(try checked(a + b))
        case (.markup(let a), .markup(let b)): return .markup(try checked(a + b))
        case (.markup(let a), .string(let b)): return .markup(try checked(a + Escaping.escape(b)))
        case (.string(let a), .markup(let b)): return .markup(try checked(Escaping.escape(a) + b))
        case (.list(let a), .list(let b)):
            try checkSize(a.count + b.count)
            return .list(List(a.items + b.items))
        case (.tuple(let a), .tuple(let b)):
            try checkSize(a.count + b.count)
            return .tuple(Tuple(a.items + b.items))
        case (_, .undefined(let undefined)), (.undefined(let undefined), _): throw undefined.error
        case (.string, .object), (.markup, .object), (.list, .object): return nil
        case (.string, _):
            throw TemplateError.type("can only concatenate str (not \"\(right.typeName)\") to str")
        case (.list, _):
            throw TemplateError.type("can only concatenate list (not \"\(right.typeName)\") to list")
        case (.tuple, _):
            throw TemplateError.type("can only concatenate tuple (not \"\(right.typeName)\") to tuple")
        default: return nil
        }
    }

    private static func repeated(_ value: Value, _ count: Value) throws -> Value? {
        let times: Int
        switch count {
        case .int(let number): times = max(0, number)
        case .bool(let flag): times = flag ? 1 : 0
        default: return nil
        }
        switch value {
        case .string(let text):
            try checkSize(text.utf8.count, times: times)
            return .string(repeated(text, times))
        case .markup(let text):
            try checkSize(text.utf8.count, times: times)
            return .markup(repeated(text, times))
        case .list(let list): return .list(List(try repeated(list.items, times)))
        case .tuple(let tuple): return .tuple(Tuple(try repeated(tuple.items, times)))
        default: return nil
        }
    }

    /// The text that often, doubled until it is long enough: the standard library appends one after the other.
    static func repeated(_ text: String, _ times: Int) -> String {
        if times == 1 { return text }
        let length = text.utf8.count
        return Text.withBytes(text) { bytes in
            String(unsafeUninitializedCapacity: length * times) { target in
                guard let start = target.baseAddress, let source = bytes.baseAddress, length > 0, times > 0 else { return 0 }
                start.initialize(from: source, count: length)
                var done = length
                while done < length * times {
                    let more = min(done, length * times - done)
                    (start + done).initialize(from: start, count: more)
                    done += more
                }
                return done
            }
        }
    }

    private static func repeated(_ items: [Value], _ times: Int) throws -> [Value] {
        try checkSize(items.count, times: times)
        var result: [Value] = []
        result.reserveCapacity(items.count * times)
        for _ in 0..<times { result.append(contentsOf: items) }
        return result
    }
}
