extension Expression {
    /// The value in a frame.
    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        switch kind {
        case .literal: view(LiteralExpression.self).value
        case .name: try view(NameExpression.self).evaluate(frame, runtime)
        case .attribute: try view(AttributeExpression.self).evaluate(frame, runtime)
        case .item: try view(ItemExpression.self).evaluate(frame, runtime)
        case .slice: try view(SliceExpression.self).evaluate(frame, runtime)
        case .call: try view(CallExpression.self).evaluate(frame, runtime)
        case .filter: try view(FilterExpression.self).evaluate(frame, runtime)
        case .test: .bool(try view(TestExpression.self).test(frame, runtime))
        case .binary: try view(BinaryExpression.self).evaluate(frame, runtime)
        case .compare: .bool(try view(CompareExpression.self).test(frame, runtime))
        case .logical: try view(LogicalExpression.self).evaluate(frame, runtime)
        case .not: .bool(try !view(NotExpression.self).node.pointee.operand.test(frame, runtime))
        case .sign: try view(SignExpression.self).evaluate(frame, runtime)
        case .concatenation: try view(ConcatenationExpression.self).evaluate(frame, runtime)
        case .conditional: try view(ConditionalExpression.self).evaluate(frame, runtime)
        case .sequence: try view(SequenceExpression.self).evaluate(frame, runtime)
        case .dict: try view(DictExpression.self).evaluate(frame, runtime)
        default: .none
        }
    }

    /// Where the value is, when it is at hand and not undefined; valid until something else is evaluated.
    @inline(__always) func peek(_ frame: Frame) -> UnsafePointer<Value>? {
        switch kind {
        case .name: view(NameExpression.self).peek(frame)
        case .attribute: view(AttributeExpression.self).peekDeep(frame)
        case .literal: UnsafePointer(view(LiteralExpression.self).node.pointee.value)
        default: nil
        }
    }

    /// ``integer(_:)`` without a call for variables, which most operands are.
    @inline(__always) func nearInteger(_ frame: Frame) -> Int? {
        if kind == .name, let number = frame.localInteger(view(NameExpression.self).variable) { return number }
        return integer(frame)
    }

    /// ``nearInteger(_:)`` without a call for arithmetic on variables either.
    @inline(__always) func operand(_ frame: Frame) -> Int? {
        kind == .binary ? view(BinaryExpression.self).integer(frame) : nearInteger(frame)
    }

    /// The value of an expression of small integers that are at hand, nil for all others.
    func integer(_ frame: Frame) -> Int? {
        switch kind {
        case .name:
            if case .int(let number)? = frame.peek(view(NameExpression.self).node.pointee.variable)?.pointee { return number }
            return nil
        case .literal:
            if case .int(let number) = view(LiteralExpression.self).node.pointee.value.pointee { return number }
            return nil
        case .binary: return view(BinaryExpression.self).integer(frame)
        case .attribute:
            let attribute = view(AttributeExpression.self)
            if attribute.node.pointee.loopProperty != nil { return attribute.loopNumber(frame) }
            if case .int(let number)? = attribute.peekDeep(frame)?.pointee { return number }
            return nil
        default: return nil
        }
    }

    /// ``test(_:_:)`` without a call for comparisons, which most conditions are.
    @inline(__always) func nearTest(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        kind == .compare ? try view(CompareExpression.self).test(frame, runtime) : try test(frame, runtime)
    }

    /// Whether the value is true in a frame.
    func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        switch kind {
        case .compare: return try view(CompareExpression.self).test(frame, runtime)
        case .test: return try view(TestExpression.self).test(frame, runtime)
        case .not: return try !view(NotExpression.self).node.pointee.operand.test(frame, runtime)
        case .logical: return try view(LogicalExpression.self).test(frame, runtime)
        case .attribute:
            if let flag = view(AttributeExpression.self).loopFlag(frame) { return flag }
            if case .bool(let flag)? = peek(frame)?.pointee { return flag }
        case .name:
            if case .bool(let flag)? = peek(frame)?.pointee { return flag }
        default: break
        }
        let value = try evaluate(frame, runtime)
        if case .bool(let flag) = value { return flag }
        return try locating(frame) { try value.truth() }
    }

    /// ``write(_:_:into:)`` without a call for what most output consists of: variables and arithmetic.
    @inline(__always) func nearWrite(_ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        switch kind {
        case .name:
            if let place = frame.peek(view(NameExpression.self).node.pointee.variable) {
                switch place.pointee {
                case .int(let number): return output.append(integer: number)
                case .string(let text) where !runtime.autoescapes: return output.append(text: text)
                default: break
                }
            }
        case .binary: if let number = view(BinaryExpression.self).integer(frame) { return output.append(integer: number) }
        default: break
        }
        try write(frame, runtime, into: &output)
    }

    /// Appends the text of the value.
    func write(_ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        switch kind {
        case .name, .attribute:
            if !runtime.autoescapes, let place = peek(frame) {
                if output.append(shortStringAt: place) { return }
                switch place.pointee {
                case .int(let number): return output.append(integer: number)
                case .string(let text): return output.append(text: text)
                default: break
                }
            } else if kind == .attribute, let number = view(AttributeExpression.self).loopNumber(frame) {
                return output.append(integer: number)
            }
        case .binary: if let number = integer(frame) { return output.append(integer: number) }
        case .call: return try view(CallExpression.self).write(frame, runtime, into: &output)
        case .filter: return try view(FilterExpression.self).write(frame, runtime, into: &output)
        case .concatenation where !runtime.autoescapes:
            return try view(ConcatenationExpression.self).write(frame, runtime, into: &output)
        case .conditional:
            if let chosen = try view(ConditionalExpression.self).chosen(frame, runtime) {
                return try chosen.write(frame, runtime, into: &output)
            }
            return
        default: break
        }
        let value = try evaluate(frame, runtime)
        if !runtime.autoescapes {
            switch value {
            case .string(let text): return output.append(text: text)
            case .int(let number): return output.append(integer: number)
            default: break
            }
        }
        try locating(frame) { try runtime.write(value, into: &output) }
    }

    /// The value of an expression made of literals only, else nil.
    package var constant: Value? {
        switch kind {
        case .literal: view(LiteralExpression.self).value
        case .sign: view(SignExpression.self).constant
        case .sequence: view(SequenceExpression.self).constant
        case .dict: view(DictExpression.self).constant
        default: nil
        }
    }
}
