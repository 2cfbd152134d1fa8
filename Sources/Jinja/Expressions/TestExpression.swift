/// `value is name(arguments)`.
struct TestExpression: NodeView {
    /// A test of Jinja's that needs no call.
    enum Shortcut: UInt8 {
        case noShortcut, defined, undefined, isNone, odd, even, string, divisible
    }

    struct Storage {
        var head: NodeHead
        let shortcut: Shortcut
        let isPure: Bool
        let value: Expression
        let arguments: CallArguments
        /// Kept alive by the environment's table or by the ``Arena``.
        let tester: Unmanaged<TestBox>
        /// The arguments, when all of them are literals.
        let literals: UnsafeMutablePointer<Arguments>?
        /// What `divisibleby` divides by.
        let divisor: Divisor
    }

    static let kind = NodeKind.test
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(
        _ value: Expression, _ name: String, _ arguments: CallArguments, _ entry: FunctionEntry<TestBox>?, _ arena: Arena,
        offset: Int
    ) {
        let literals = arguments.literals
        let box =
            entry?.fitting(arguments) ?? TestBox { _, _, _ in throw TemplateError.runtime("No test named '\(name)' found.") }
        let isStandard = entry?.isStandard ?? false
        let shortcut = isStandard ? literals.map { TestExpression.shortcut(name, $0) } ?? .noShortcut : .noShortcut
        node = arena.make(
            Storage(
                head: NodeHead(.test, offset, height: max(value.height, arguments.height) + 1), shortcut: shortcut,
                isPure: entry?.isPure ?? false, value: value, arguments: arguments,
                tester: isStandard ? .passUnretained(box) : arena.keep(box),
                literals: literals.map { $0.count == 0 ? Arguments.empty : arena.keep($0) },
                divisor: Divisor(shortcut == .divisible ? literals?.positional[0].intValue ?? 1 : 1)))
    }

    private static func shortcut(_ name: String, _ arguments: Arguments) -> Shortcut {
        if arguments.count == 1, name == "divisibleby", case .int(let number)? = arguments.positional.first, number > 0 {
            return .divisible
        }
        guard arguments.count == 0 else { return .noShortcut }
        switch name {
        case "defined": return .defined
        case "undefined": return .undefined
        case "none": return .isNone
        case "odd": return .odd
        case "even": return .even
        case "string": return .string
        default: return .noShortcut
        }
    }

    /// Whether the test holds. Those of numbers, of variables, need no call, so that nothing has to be saved for it.
    func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        let value = node.pointee.value
        if value.kind == .name, let number = frame.localInteger(value.view(NameExpression.self).variable) {
            switch node.pointee.shortcut {
            case .odd: return number & 1 == 1
            case .even: return number & 1 == 0
            case .divisible: return node.pointee.divisor.remainder(of: number) == 0
            default: break
            }
        }
        return try testOther(frame, runtime)
    }

    @inline(never) private func testOther(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        let value = node.pointee.value
        switch node.pointee.shortcut {
        case .noShortcut: break
        case .odd: if let number = value.nearInteger(frame) { return number & 1 == 1 }
        case .even: if let number = value.nearInteger(frame) { return number & 1 == 0 }
        case .divisible: if let number = value.nearInteger(frame) { return node.pointee.divisor.remainder(of: number) == 0 }
        case .defined, .undefined, .isNone, .string:
            if let place = value.peek(frame) { return holds(place.pointee) }
            if let name = value.cast(NameExpression.self), try name.isMissing(frame, runtime) {
                return node.pointee.shortcut == .undefined
            }
            return holds(try value.evaluate(frame, runtime))
        }
        return try call(try value.evaluate(frame, runtime), frame, runtime)
    }

    /// Whether a test of the kind of value holds.
    @inline(__always) private func holds(_ input: Value) -> Bool {
        switch node.pointee.shortcut {
        case .defined: !input.isUndefined
        case .undefined: input.isUndefined
        case .isNone: input.isNone
        default: input.isString
        }
    }

    private func call(_ input: Value, _ frame: Frame, _ runtime: Runtime) throws -> Bool {
        do {
            return try node.pointee.tester._withUnsafeGuaranteedRef { tester in
                guard let literals = node.pointee.literals else {
                    return try tester.body(input, try node.pointee.arguments.evaluate(frame, runtime), runtime)
                }
                // No arguments are known to need no counting of references.
                return literals == Arguments.empty
                    ? try tester.body(input, Arguments(), runtime) : try tester.body(input, literals.pointee, runtime)
            }
        } catch { throw located(error, frame) }
    }
}
