/// The tests of Jinja 3.1.
enum Tests {
    /// All of them by name.
    static let standard: [String: FunctionEntry<TestBox>] = {
        var all: [String: FunctionEntry<TestBox>] = [:]
        for (name, test) in comparisons { all[name] = operation(name, test) }
        for (name, test) in types.merging(numbers, uniquingKeysWith: { $1 }) {
            let parameters = parameters[name] ?? []
            let checked: Test = { value, arguments, runtime in
                if arguments.count > 0 { try arguments.check(parameters, of: name) }
                return try test(value, arguments, runtime)
            }
            let isPure = name != "filter" && name != "test"
            all[name] = FunctionEntry(TestBox(test), checked: TestBox(checked), parameters: parameters, isPure: isPure)
        }
        return all
    }()

    private static let parameters = ["divisibleby": ["num"], "in": ["seq"], "sameas": ["other"]]

    /// A comparison. Those that are Python's operators take their operand by position only.
    private static func operation(_ name: String, _ test: @escaping Test) -> FunctionEntry<TestBox> {
        let named = parameters[name]
        let checked: Test = { value, arguments, runtime in
            if let named {
                try arguments.check(named, of: name)
            } else if let extra = arguments.named.first {
                throw TemplateError.type("\(name)() takes no keyword arguments, but got '\(extra.name)'")
            } else if arguments.count != 1 {
                throw TemplateError.type("\(name) expected 2 arguments, got \(arguments.count + 1)")
            }
            return try test(value, arguments, runtime)
        }
        // No argument has an empty name.
        return FunctionEntry(TestBox(test), checked: TestBox(checked), parameters: named ?? [""], isPure: true)
    }

    private static let types: [String: Test] = [
        "defined": { value, _, _ in !value.isUndefined },
        "undefined": { value, _, _ in value.isUndefined },
        "none": { value, _, _ in value.isNone },
        "boolean": { value, _, _ in value.boolValue != nil },
        "true": { value, _, _ in value.boolValue == true },
        "false": { value, _, _ in value.boolValue == false },
        "string": { value, _, _ in value.isString },
        "mapping": { value, _, _ in
            switch value {
            case .dict: true
            case .object(let object): object.isMapping
            default: false
            }
        },
        "sequence": { value, _, _ in isSequence(value) },
        "iterable": { value, _, _ in
            // A strict undefined cannot even be asked.
            if case .undefined(let undefined as StrictUndefined) = value { throw undefined.error }
            return value.isIterable
        },
        "callable": { value, _, _ in value.isCallable },
        "escaped": { value, _, _ in
            if case .object(let object) = value { return object.html != nil }
            return value.isMarkup || (value.isUndefined && value.typeName == "ChainableUndefined")
        },
        "filter": { value, _, runtime in runtime.environment.filters[try name(value)] != nil },
        "test": { value, _, runtime in runtime.environment.tests[try name(value)] != nil },
        "lower": { value, _, _ in StringPredicates.isLower(try value.text()) },
        "upper": { value, _, _ in StringPredicates.isUpper(try value.text()) },
    ]

    private static func name(_ value: Value) throws -> String {
        _ = try value.hashable()
        return value.stringValue ?? ""
    }

    private static func isSequence(_ value: Value) -> Bool {
        switch value {
        case .string, .markup, .list, .tuple, .dict: true
        case .undefined(let undefined): (try? undefined.length()) != nil
        case .object(let object): object.length != nil && !(object is DictView)
        default: false
        }
    }

    private static let numbers: [String: Test] = [
        "number": { value, _, _ in Number(value) != nil },
        "integer": { value, _, _ in
            switch value {
            case .int, .bigInt: true
            default: false
            }
        },
        "float": { value, _, _ in
            if case .double = value { true } else { false }
        },
        "odd": { value, _, runtime in try remainder(value, 2, runtime) == 1 },
        "even": { value, _, runtime in try remainder(value, 2, runtime) == 0 },
        "divisibleby": { value, arguments, runtime in
            try remainder(value, try arguments.required(0, "num", of: "divisibleby"), runtime) == 0
        },
    ]

    private static func remainder(_ value: Value, _ divisor: Value, _ runtime: Runtime) throws -> Value {
        try Arithmetic.apply(.modulo, value, divisor, runtime)
    }

    private static let comparisons: [String: Test] = [
        "in": { value, arguments, _ in try Comparison.contains(try arguments.required(0, "seq", of: "in"), value) },
        "sameas": { value, arguments, _ in Comparison.identical(value, try arguments.required(0, "other", of: "sameas")) },
        "==": comparison(.equal), "eq": comparison(.equal), "equalto": comparison(.equal),
        "!=": comparison(.notEqual), "ne": comparison(.notEqual),
        ">": comparison(.greater), "gt": comparison(.greater), "greaterthan": comparison(.greater),
        ">=": comparison(.greaterEqual), "ge": comparison(.greaterEqual),
        "<": comparison(.less), "lt": comparison(.less), "lessthan": comparison(.less),
        "<=": comparison(.lessEqual), "le": comparison(.lessEqual),
    ]

    private static func comparison(_ operation: CompareExpression.Operator) -> Test {
        { value, arguments, _ in
            try CompareExpression.holds(operation, value, try arguments.required(0, "other", of: operation.symbol))
        }
    }
}
