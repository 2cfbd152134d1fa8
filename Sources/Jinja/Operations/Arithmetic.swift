/// Python's arithmetic on values.
enum Arithmetic {
    /// The most elements, bytes or bits that repeating, padding and powers may produce.
    static let sizeLimit = 1 << 27

    /// Fails when a result would be larger than ``sizeLimit``.
    static func checkSize(_ size: Int, times factor: Int = 1) throws {
        let (product, overflow) = size.multipliedReportingOverflow(by: factor)
        if overflow || product > sizeLimit { throw TemplateError.limit("the result is larger than \(sizeLimit) elements") }
    }

    /// A text that was put together, unless it is larger than ``sizeLimit``: what doubles in a loop would take all memory.
    static func checked(_ text: String) throws -> String {
        try checkSize(text.utf8.count)
        return text
    }

    /// Fails when `text` with each `old` replaced would be larger than ``sizeLimit``.
    static func checkReplacement(_ text: String, _ old: String, _ new: String) throws {
        let most = text.utf8.count / max(1, old.utf8.count) + 1
        let (product, overflow) = most.multipliedReportingOverflow(by: new.utf8.count)
        guard overflow || product > sizeLimit - text.utf8.count else { return }
        try checkSize(old.isEmpty ? most : StringMethods.occurrences(old, in: text) + 1, times: new.utf8.count)
    }

    /// Applies an operator.
    static func apply(_ operation: BinaryOperator, _ left: Value, _ right: Value, _ runtime: Runtime) throws -> Value {
        if case .int(let a) = left, case .int(let b) = right, let result = fast(operation, a, b) { return .int(result) }
        if let a = Number(left), let b = Number(right) { return try numeric(operation, a, b) }
        if let result = try sequence(operation, left, right, runtime) { return result }
        if case .undefined(let undefined) = left { throw undefined.error }
        if case .undefined(let undefined) = right { throw undefined.error }
        if case .object(let object) = left, let result = try object.combine(operation, right, isLeft: true) { return result }
        if case .object(let object) = right, let result = try object.combine(operation, left, isLeft: false) { return result }
        throw TemplateError.type(
            "unsupported operand type(s) for \(operation.described): '\(left.typeName)' and '\(right.typeName)'")
    }

    @inline(__always) static func fast(_ operation: BinaryOperator, _ a: Int, _ b: Int) -> Int? {
        switch operation {
        case .add:
            let (result, overflow) = a.addingReportingOverflow(b)
            return overflow ? nil : result
        case .subtract:
            let (result, overflow) = a.subtractingReportingOverflow(b)
            return overflow ? nil : result
        case .multiply:
            let (result, overflow) = a.multipliedReportingOverflow(by: b)
            return overflow ? nil : result
        case .floorDivide:
            guard b != 0, b != -1 else { return nil }
            return a % b != 0 && (a < 0) != (b < 0) ? a / b - 1 : a / b
        case .modulo:
            guard b != 0, b != -1 else { return nil }
            let rest = a % b
            return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
        default: return nil
        }
    }

    private static func numeric(_ operation: BinaryOperator, _ a: Number, _ b: Number) throws -> Value {
        if case .power = operation { return try power(a, b) }
        if let left = a.big, let right = b.big {
            switch operation {
            case .add: return (left + right).value
            case .subtract: return (left - right).value
            case .multiply:
                try checkSize(left.magnitude.count, times: max(1, right.magnitude.count))
                return (left * right).value
            case .floorDivide, .modulo:
                guard !right.magnitude.isEmpty else {
                    throw TemplateError(
                        .zeroDivision,
                        operation == .modulo ? "integer modulo by zero" : "integer division or modulo by zero")
                }
                let (quotient, remainder) = left.dividedFloor(by: right)
                return operation == .modulo ? remainder.value : quotient.value
            case .divide, .power: break
            }
        }
        return .double(try floating(operation, a, b))
    }

    private static func floating(_ operation: BinaryOperator, _ a: Number, _ b: Number) throws -> Double {
        if operation == .divide, let left = a.big, let right = b.big, !right.magnitude.isEmpty {
            return try quotient(left, right)
        }
        let (left, right) = (try a.finite(), try b.finite())
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide:
            guard right != 0 else {
                let isInteger = a.big != nil && b.big != nil
                throw TemplateError(.zeroDivision, isInteger ? "division by zero" : "float division by zero")
            }
            return left / right
        case .floorDivide:
            guard right != 0 else { throw TemplateError(.zeroDivision, "float floor division by zero") }
            return ((left - modulo(left, right)) / right).rounded()
        case .modulo, .power:
            guard right != 0 else { throw TemplateError(.zeroDivision, "float modulo") }
            return modulo(left, right)
        }
    }

    /// The nearest float to a quotient of integers, which may both be larger than any float.
    private static func quotient(_ a: BigInteger, _ b: BigInteger) throws -> Double {
        if max(a.bitWidth, b.bitWidth) <= 53 { return a.doubleValue / b.doubleValue }
        // The quotient has so many bits that whatever the last one stands for cannot be seen, except whether it is nothing.
        let shift = 66 - (a.bitWidth - b.bitWidth)
        let scale = BigInteger(2).power(abs(shift))
        var (numerator, denominator) = (shift > 0 ? a * scale : a, shift > 0 ? b : b * scale)
        (numerator.isNegative, denominator.isNegative) = (false, false)
        let (whole, rest) = numerator.dividedFloor(by: denominator)
        var digits = whole.magnitude
        if !rest.magnitude.isEmpty, !digits.isEmpty { digits[0] |= 1 }
        let magnitude = BigInteger(magnitude: digits, isNegative: false).doubleValue
        let result = Double(sign: .plus, exponent: -shift, significand: magnitude)
        if result.isInfinite { throw TemplateError(.overflow, "integer division result too large for a float") }
        return a.isNegative != b.isNegative ? -result : result
    }

    /// The remainder with the sign of the divisor.
    static func modulo(_ left: Double, _ right: Double) -> Double {
        let rest = left.truncatingRemainder(dividingBy: right)
        if rest == 0 { return Double(signOf: right, magnitudeOf: 0) }
        return (rest < 0) != (right < 0) ? rest + right : rest
    }

    private static func power(_ a: Number, _ b: Number) throws -> Value {
        if let base = a.big, let exponent = b.big, !exponent.isNegative {
            guard let count = exponent.intValue else {
                if let small = base.intValue, (-1...1).contains(small) {
                    return .int(small == -1 && exponent.magnitude[0] & 1 == 0 ? 1 : small)
                }
                throw TemplateError.limit("the exponent is too large")
            }
            try checkSize(max(1, base.bitWidth - 1), times: count / 128)
            return base.power(count).value
        }
        let (base, exponent) = (try a.finite(), try b.finite())
        if base == 0 && exponent < 0 {
            throw TemplateError(.zeroDivision, "0.0 cannot be raised to a negative power")
        }
        if base < 0 && exponent.rounded() != exponent {
            throw TemplateError.type("a negative number to a fractional power is complex")
        }
        let result = Mathematics.power(base, exponent)
        if result.isInfinite && base.isFinite && exponent.isFinite {
            throw TemplateError(.overflow, "(34, 'Numerical result out of range')")
        }
        return .double(result)
    }
}
