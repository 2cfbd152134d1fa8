/// `value | name(arguments)`, or a filter of a block, which has no value of its own.
struct FilterExpression: NodeView {
    /// A filter of Jinja's that needs no call.
    enum Shortcut: UInt8 {
        case noShortcut, fallback, join, length, safe, string, upper, lower
    }

    struct Storage {
        var head: NodeHead
        let shortcut: Shortcut
        let value: Expression?
        let arguments: CallArguments
        /// Kept alive by the environment's table or by the ``Arena``.
        let filter: Unmanaged<FilterBox>
        /// What the environment knows of the filter, when it is Jinja's own; kept alive as ``filter``.
        let isPure: Bool
        /// The arguments, when all of them are literals.
        let literals: UnsafeMutablePointer<Arguments>?
        /// The filter as one of elements, when it is such a filter of Jinja's whose arguments are literals that fit; kept
        /// alive by the ``Arena``.
        let elementFilter: Unmanaged<ElementFilter>?
    }

    static let kind = NodeKind.filter
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(
        _ value: Expression?, _ name: String, _ arguments: CallArguments, _ entry: FunctionEntry<FilterBox>?,
        _ code: TemplateCode, offset: Int
    ) {
        let arena = code.arena
        let literals = arguments.literals
        let box =
            entry?.fitting(arguments) ?? FilterBox { _, _, _ in throw TemplateError.runtime("No filter named '\(name)' found.") }
        let isStandard = entry?.isStandard ?? false
        var elementFilter: Unmanaged<ElementFilter>?
        if let kind = entry?.elementKind, let literals, box === entry?.unchecked {
            elementFilter = (try? ElementFilter(kind, literals, code.environment)).map { arena.keep($0) }
        }
        node = arena.make(
            Storage(
                head: NodeHead(.filter, offset, height: max(value?.height ?? 0, arguments.height) + 1),
                shortcut: isStandard ? literals.map { FilterExpression.shortcut(name, $0) } ?? .noShortcut : .noShortcut,
                value: value, arguments: arguments,
                filter: isStandard ? .passUnretained(box) : arena.keep(box), isPure: entry?.isPure ?? false,
                literals: literals.map { $0.count == 0 ? Arguments.empty : arena.keep($0) },
                elementFilter: elementFilter))
    }

    private static func shortcut(_ name: String, _ arguments: Arguments) -> Shortcut {
        switch (name, arguments.positional.count, arguments.named.count) {
        case ("default", 1, 0), ("d", 1, 0): .fallback
        case ("join", 0, 0), ("join", 1, 0): .join
        case ("length", 0, 0), ("count", 0, 0): .length
        case ("safe", 0, 0): .safe
        case ("string", 0, 0): .string
        case ("upper", 0, 0): .upper
        case ("lower", 0, 0): .lower
        default: .noShortcut
        }
    }

    /// What is filtered.
    @inline(__always) var value: Expression? { node.pointee.value }

    /// The arguments.
    @inline(__always) var arguments: CallArguments { node.pointee.arguments }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        guard let value else { return try apply(to: .none, frame, runtime) }
        if node.pointee.shortcut == .fallback, let name = value.cast(NameExpression.self),
            try name.isMissing(frame, runtime), let literals = node.pointee.literals
        {
            return literals.pointee.positional[0]
        }
        if let filter = node.pointee.elementFilter {
            return try filter._withUnsafeGuaranteedRef { filter in
                ElementFilter.value(try elements(value, filter, frame, runtime), filter.kind)
            }
        }
        if node.pointee.shortcut == .length, let count = try value.elementsOfFilter(frame, runtime, isList: true)?.count {
            return .int(count)
        }
        let input = try value.evaluate(frame, runtime)
        switch node.pointee.shortcut {
        case .noShortcut, .join, .upper, .lower: break
        case .fallback:
            if let literals = node.pointee.literals { return input.isUndefined ? literals.pointee.positional[0] : input }
        case .length: return .int(try locating(frame) { try input.length() })
        case .safe: if let text = input.stringValue { return .markup(text) }
        case .string: return input.isString ? input : .string(try locating(frame) { try input.text() })
        }
        return try call(input, frame, runtime)
    }

    /// Appends the text of the result, without making a value of it first where that is possible.
    @inline(never) func write(_ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        if !runtime.autoescapes, let value, let literals = node.pointee.literals {
            switch node.pointee.shortcut {
            case .join:
                if let items = try value.elementsOfFilter(frame, runtime) {
                    return try locating(frame) {
                        try Filters.join(items, literals.pointee.positional.first, runtime, into: &output)
                    }
                }
                let input = try value.evaluate(frame, runtime)
                try locating(frame) {
                    try Filters.join(try input.iterate(), literals.pointee.positional.first, runtime, into: &output)
                }
                return
            case .fallback:
                guard let name = value.cast(NameExpression.self), try name.isMissing(frame, runtime) else { break }
                return try locating(frame) { try literals.pointee.positional[0].write(into: &output) }
            case .length:
                if let count = try value.elementsOfFilter(frame, runtime, isList: true)?.count {
                    return output.append(integer: count)
                }
                let input = try value.evaluate(frame, runtime)
                return output.append(integer: try locating(frame) { try input.length() })
            case .string, .safe: return try value.write(frame, runtime, into: &output)
            case .upper, .lower:
                let input = try value.evaluate(frame, runtime)
                if case .string(let text) = input, output.append(ascii: text, isUpper: node.pointee.shortcut == .upper) { return }
                return try write(try call(input, frame, runtime), frame, runtime, into: &output)
            case .noShortcut: break
            }
        }
        if !runtime.autoescapes, let items = try Expression(self).elementsOfFilter(frame, runtime, isList: true) {
            // A list that nobody holds cannot hold itself.
            return Value.write(items, nil, "[", "]", into: &output, nil)
        }
        try write(try evaluate(frame, runtime), frame, runtime, into: &output)
    }

    private func write(_ result: Value, _ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        if !runtime.autoescapes, case .string(let text) = result { return output.append(text: text) }
        try locating(frame) { try runtime.write(result, into: &output) }
    }

    /// The elements that `filter`, which is this one, makes of those of a value.
    fileprivate func elements(
        _ value: Expression, _ filter: ElementFilter, _ frame: Frame, _ runtime: Runtime
    ) throws -> [Value] {
        if var items = try value.elementsOfFilter(frame, runtime) {
            try locating(frame) { try filter.change(&items, runtime) }
            return items
        }
        if value.kind == .sequence, let items = value.view(SequenceExpression.self).literalItems {
            return try locating(frame) { try filter.elements(of: items, runtime) }
        }
        let input = try value.evaluate(frame, runtime)
        return try locating(frame) { try filter.elements(of: input, runtime) }
    }

    /// Applies the filter, the innermost one of a chain without value to `block`.
    func apply(to block: Value, _ frame: Frame, _ runtime: Runtime) throws -> Value {
        let input: Value
        if let inner = value?.cast(FilterExpression.self) {
            input = try inner.apply(to: block, frame, runtime)
        } else if let value {
            input = try value.evaluate(frame, runtime)
        } else {
            input = block
        }
        return try call(input, frame, runtime)
    }

    private func call(_ input: Value, _ frame: Frame, _ runtime: Runtime) throws -> Value {
        do {
            return try node.pointee.filter._withUnsafeGuaranteedRef { filter in
                guard let literals = node.pointee.literals else {
                    return try filter.body(input, try arguments.evaluate(frame, runtime), runtime)
                }
                // No arguments are known to need no counting of references.
                return literals == Arguments.empty
                    ? try filter.body(input, Arguments(), runtime) : try filter.body(input, literals.pointee, runtime)
            }
        } catch { throw located(error, frame) }
    }
}

extension Expression {
    /// The elements that a filter of elements gives, in an array that nobody else changes; nil for other expressions.
    ///
    /// - Parameter isList: Whether only filters that give a list count.
    @inline(__always) func elementsOfFilter(
        _ frame: Frame, _ runtime: Runtime, isList: Bool = false
    ) throws -> [Value]? {
        guard kind == .filter, let filter = view(FilterExpression.self).node.pointee.elementFilter else { return nil }
        return try elements(filter, frame, runtime, isList: isList)
    }

    @inline(never) private func elements(
        _ filter: Unmanaged<ElementFilter>, _ frame: Frame, _ runtime: Runtime, isList: Bool
    ) throws -> [Value]? {
        let view = view(FilterExpression.self)
        guard let value = view.value else { return nil }
        return try filter._withUnsafeGuaranteedRef { filter in
            if isList && filter.kind != .list && filter.kind != .sort { return nil }
            return try view.elements(value, filter, frame, runtime)
        }
    }
}

extension Arguments {
    /// No arguments, in one place for all.
    nonisolated(unsafe) static let empty: UnsafeMutablePointer<Arguments> = {
        // Never changed and never freed.
        let place = UnsafeMutablePointer<Arguments>.allocate(capacity: 1)
        place.initialize(to: Arguments())
        return place
    }()
}
