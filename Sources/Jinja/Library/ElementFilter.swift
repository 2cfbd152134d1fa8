import OrderedCollections

/// A filter that makes elements of elements, with its arguments read.
///
/// Where the arguments are literals they are read while parsing. In a chain of such filters, an array goes from one to the
/// next and is changed in place; only what the last one gives becomes a list or generator.
final class ElementFilter {
    /// Which filter it is.
    enum Kind: String, Sendable {
        case list, sort, unique, map, select, reject, selectattr, rejectattr

        /// Whether a value that is false counts as no elements, before anything else is looked at.
        var skipsFalse: Bool {
            switch self {
            case .list, .sort, .unique: false
            default: true
            }
        }
    }

    private enum Action {
        case nothing
        case attribute(AttributeGetter)
        case filter(FilterBox, Arguments)
        case test(AttributeGetter, TestBox?, Arguments, keeps: Bool)
        case sort([AttributeGetter], isSensitive: Bool, isReverse: Bool)
        case unique(AttributeGetter, isSensitive: Bool)
    }

    let kind: Kind
    private let action: Action

    /// Reads the arguments.
    /// - Throws: ``TemplateError`` when they do not fit.
    init(_ kind: Kind, _ arguments: Arguments, _ environment: Environment) throws {
        self.kind = kind
        action =
            switch kind {
            case .list: .nothing
            case .sort:
                .sort(
                    AttributeGetter.list(arguments.value(2, "attribute")),
                    isSensitive: try arguments.bool(1, "case_sensitive", default: false),
                    isReverse: try arguments.bool(0, "reverse", default: false))
            case .unique:
                .unique(
                    AttributeGetter(arguments.value(1, "attribute")),
                    isSensitive: try arguments.bool(0, "case_sensitive", default: false))
            case .map: try ElementFilter.map(arguments, environment)
            case .select: try ElementFilter.test(arguments, environment, keeps: true)
            case .reject: try ElementFilter.test(arguments, environment, keeps: false)
            case .selectattr: try ElementFilter.test(arguments, environment, keeps: true, byAttribute: true)
            case .rejectattr: try ElementFilter.test(arguments, environment, keeps: false, byAttribute: true)
            }
    }

    private static func map(_ arguments: Arguments, _ environment: Environment) throws -> Action {
        if arguments.positional.isEmpty, let attribute = arguments["attribute"] {
            for argument in arguments.named where argument.name != "attribute" && argument.name != "default" {
                throw TemplateError.filterArgument("Unexpected keyword argument \(Value.string(argument.name).pythonRepr)")
            }
            return .attribute(AttributeGetter(attribute, default: arguments["default"]))
        }
        guard let first = arguments.positional.first else {
            throw TemplateError.filterArgument("map requires a filter argument")
        }
        let name = try first.text()
        guard let filter = environment.filters.table[name] else {
            throw TemplateError.runtime("No filter named \(Value.string(name).pythonRepr).")
        }
        return .filter(filter, Arguments(arguments.positional.rest(1), named: arguments.named))
    }

    private static func test(
        _ arguments: Arguments, _ environment: Environment, keeps: Bool, byAttribute: Bool = false
    ) throws -> Action {
        let positional = arguments.positional
        if byAttribute && positional.isEmpty { throw TemplateError.filterArgument("Missing parameter for attribute name") }
        let getter = AttributeGetter(byAttribute ? positional[0] : nil)
        let used = byAttribute ? 1 : 0
        guard used < positional.count else { return .test(getter, nil, Arguments(), keeps: keeps) }
        let name = try positional[used].text()
        guard let test = environment.tests.table[name] else {
            throw TemplateError.runtime("No test named \(Value.string(name).pythonRepr).")
        }
        return .test(getter, test, Arguments(positional.rest(used + 1), named: arguments.named), keeps: keeps)
    }

    // MARK: Filtering

    /// Reads the arguments and filters a value.
    static func apply(_ kind: Kind, _ value: Value, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        if kind.skipsFalse, try !value.truth() { return ElementFilter.value([], kind) }
        let filter = try ElementFilter(kind, arguments, runtime.environment)
        return ElementFilter.value(try filter.elements(of: value, runtime), kind)
    }

    /// What the filter gives for the elements that it has made.
    static func value(_ items: [Value], _ kind: Kind) -> Value {
        switch kind {
        case .list, .sort: .list(List(items))
        case .unique: .object(Generator("sync_do_unique", items))
        case .map: .object(Generator("sync_do_map", items))
        case .select: .object(Generator("sync_do_select", items))
        case .reject: .object(Generator("sync_do_reject", items))
        case .selectattr: .object(Generator("sync_do_selectattr", items))
        case .rejectattr: .object(Generator("sync_do_rejectattr", items))
        }
    }

    /// The elements that the filter makes of those of a value.
    func elements(of value: Value, _ runtime: Runtime) throws -> [Value] {
        if kind.skipsFalse, try !value.truth() { return [] }
        return try elements(of: try value.iterate(), runtime)
    }

    /// The elements that the filter makes of others.
    func elements(of items: [Value], _ runtime: Runtime) throws -> [Value] {
        switch action {
        case .nothing: return items
        case .attribute(let getter): return try items.map { try getter.get($0, runtime) }
        case .filter(let filter, let arguments): return try items.map { try filter.body($0, arguments, runtime) }
        case .test(let getter, let test, let arguments, let keeps):
            return try items.kept { try ElementFilter.holds($0, getter, test, arguments, runtime) == keeps }
        case .sort, .unique:
            var items = items
            try change(&items, runtime)
            return items
        }
    }

    /// Filters elements that nobody else holds.
    func change(_ items: inout [Value], _ runtime: Runtime) throws {
        switch action {
        case .nothing: return
        case .attribute(let getter):
            for index in items.indices { items[index] = try getter.get(items[index], runtime) }
        case .filter(let filter, let arguments):
            for index in items.indices { items[index] = try filter.body(items[index], arguments, runtime) }
        case .test(let getter, let test, let arguments, let keeps):
            try items.keep { try ElementFilter.holds($0, getter, test, arguments, runtime) == keeps }
        case .sort(let getters, let isSensitive, let isReverse):
            if getters.count == 1 {
                let getter = getters[0]
                items = try Comparison.sorted(items, reverse: isReverse, isLess: Comparison.isLessInList) {
                    Filters.fold(try getter.get($0, runtime), isSensitive)
                }
            } else {
                items = try Comparison.sorted(items, reverse: isReverse) { item in
                    .list(List(try getters.map { Filters.fold(try $0.get(item, runtime), isSensitive) }))
                }
            }
        case .unique(let getter, let isSensitive):
            // Few elements are searched one by one in an ordered set, without hashing.
            var seen: OrderedSet<Value> = []
            try items.keep {
                seen.append(try Filters.fold(try getter.get($0, runtime), isSensitive).hashable()).inserted
            }
        }
    }

    @inline(__always) private static func holds(
        _ item: Value, _ getter: AttributeGetter, _ test: TestBox?, _ arguments: Arguments, _ runtime: Runtime
    ) throws -> Bool {
        let tested = getter.isIdentity ? item : try getter.get(item, runtime)
        guard let test else { return try tested.truth() }
        return try test.body(tested, arguments, runtime)
    }
}

extension [Value] {
    /// The elements that a condition holds for, put into memory that is large enough from the start.
    func kept(where holds: (Value) throws -> Bool) rethrows -> [Value] {
        var kept: [Value] = []
        if isEmpty { return kept }
        kept.reserveCapacity(count)
        for item in self where try holds(item) { kept.append(item) }
        return kept
    }

    /// Removes the elements that a condition does not hold for.
    mutating func keep(where holds: (Value) throws -> Bool) rethrows {
        var place = 0
        for index in indices where try holds(self[index]) {
            if place < index { swapAt(place, index) }
            place += 1
        }
        removeLast(count - place)
    }

    /// The elements after the first ones.
    func rest(_ used: Int) -> [Value] { used == 0 ? self : used >= count ? [] : Array(self[used...]) }
}
