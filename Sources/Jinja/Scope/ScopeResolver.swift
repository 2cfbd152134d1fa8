/// Gives every variable of a template its place.
///
/// Each scope is looked at as a whole first (see ``SymbolCollector``), then its parts are resolved.
final class ScopeResolver {
    private typealias Special = NameTable.Special

    /// See ``Environment/resolvesMacrosThroughGlobals``.
    let resolvesMacrosThroughGlobals: Bool
    @exclusivity(unchecked) private var symbols: Symbols
    private let parser: Parser
    private let strings: [String]

    private init(_ parser: Parser, _ symbols: Symbols) {
        self.parser = parser
        resolvesMacrosThroughGlobals = parser.environment.resolvesMacrosThroughGlobals
        strings = parser.table.names
        self.symbols = symbols
    }

    /// Some of the names of the template.
    func names(_ span: NameSpan) -> ArraySlice<NameExpression> { parser.names[span.range] }

    /// The special names of a body that it reads before it sets them.
    private func undeclared(_ special: [Int32], in body: Body) -> Set<Int32> {
        guard let span = body.nameSpan, names(span).contains(where: { special.contains($0.number) }) else { return [] }
        return UndeclaredNames.find(Set(special), in: body)
    }

    /// Resolves a template.
    static func resolve(_ code: TemplateCode, _ parser: Parser) throws {
        let root = Symbols(function: FunctionScope(level: 0), parent: nil)
        let resolver = ScopeResolver(parser, root)
        code.function = root.function
        if !resolver.undeclared([Special.selfReference], in: code.body).isEmpty {
            code.selfSlot = root.declareParameter(Special.selfReference)
        }
        resolver.collector.visit(code.body)
        try resolver.resolve(code.body, isTopLevel: true)
        for number in root.stores.keys {
            let name = resolver.strings[Int(number)]
            if let slot = root.slots[number] { code.exports[name] = slot }
            if !name.hasPrefix("_") && !resolver.imported.contains(number) { code.moduleNames.append(name) }
        }
        code.moduleNames.sort()
        code.isMacroLibrary =
            resolver.resolvesMacrosThroughGlobals
            && code.body.statements.allSatisfy { $0 is MacroStatement || ($0 as? OutputStatement)?.isBlank == true }
        // Blocks inside of blocks are found on the way.
        var index = 0
        while index < resolver.blocks.count {
            try resolver.resolve(resolver.blocks[index])
            index += 1
        }
        for block in resolver.blocks { code.blocks[block.name] = block }
    }

    private var blocks: [BlockStatement] = []
    private var imported: Set<Int32> = []

    private var collector: SymbolCollector { SymbolCollector(symbols, self) }

    /// Runs `body` with another scope as the current one.
    private func with<R>(_ inner: Symbols, _ body: () throws -> R) rethrows -> R {
        let outer = symbols
        symbols = inner
        defer { symbols = outer }
        return try body()
    }

    private func innerScope() -> Symbols { Symbols(function: symbols.function, parent: symbols) }

    // MARK: Expressions

    private func resolve(_ node: Node) {
        if let span = (node as? Expression)?.nameSpan { return resolve(span) }
        node.walk { node in
            if let name = node as? NameExpression { name.variable = symbols.variable(name.number) }
            if let target = node as? NamespaceTarget { target.base.variable = symbols.variable(target.base.number) }
            return true
        }
    }

    private func resolve(_ span: NameSpan) {
        for name in names(span) { name.variable = symbols.variable(name.number) }
    }

    // MARK: Statements

    private func resolve(_ body: Body, isTopLevel: Bool) throws {
        for statement in body.statements { try resolve(statement, isTopLevel: isTopLevel) }
    }

    private func resolve(_ statement: Statement, isTopLevel: Bool) throws {
        if let span = statement.nameSpan { return resolve(span) }
        switch statement {
        case let statement as IfStatement:
            for branch in statement.branches {
                resolve(branch.condition)
                try resolve(branch.body, isTopLevel: isTopLevel)
            }
            try resolve(statement.otherwise, isTopLevel: isTopLevel)
        case let statement as ForStatement: try resolve(statement)
        case let statement as MacroStatement:
            if !(isTopLevel && resolvesMacrosThroughGlobals), statement.code.name != nil {
                statement.variable = symbols.variable(statement.code.number)
            }
            try resolve(statement.code)
        case let statement as CallBlockStatement:
            resolve(statement.call)
            try resolve(statement.code)
        case let statement as BlockStatement:
            blocks.append(statement)
            statement.visible = symbols.visible(strings)
        case let statement as IncludeStatement:
            resolve(statement.template)
            statement.visible = symbols.visible(strings)
        case let statement as ImportStatement:
            resolve(statement.template)
            statement.target.variable = symbols.variable(statement.target.number)
            statement.visible = symbols.visible(strings)
            if isTopLevel { imported.insert(statement.target.number) }
        case let statement as FromImportStatement:
            resolve(statement.template)
            statement.visible = symbols.visible(strings)
            for (_, target) in statement.names {
                target.variable = symbols.variable(target.number)
                if isTopLevel { imported.insert(target.number) }
            }
        default: try resolveScoped(statement)
        }
    }

    private func resolveScoped(_ statement: Statement) throws {
        switch statement {
        case let statement as SetBlockStatement:
            resolve(statement.target)
            statement.layout = try resolveInner(statement.body) { if let filter = statement.filter { resolve(filter) } }
        case let statement as FilterBlockStatement:
            statement.layout = try resolveInner(statement.body) { resolve(statement.filter) }
        case let statement as AutoescapeStatement:
            let inner = innerScope()
            SymbolCollector(inner, self).visit(statement.value)
            statement.layout = try resolveInner(statement.body, inner) { resolve(statement.value) }
        case let statement as HostStatement:
            statement.arguments.forEach(resolve)
            statement.layout = try resolveInner(statement.body) {}
        case let statement as WithStatement:
            statement.values.forEach(resolve)
            let inner = innerScope()
            for target in statement.targets { SymbolCollector(inner, self).visitTarget(target, isParameter: true) }
            statement.layout = try resolveInner(statement.body, inner) { statement.targets.forEach(resolve) }
        default: resolve(statement)
        }
    }

    private func resolveInner(_ body: Body, _ inner: Symbols? = nil, _ more: () -> Void) throws -> ScopeLayout {
        let inner = inner ?? innerScope()
        SymbolCollector(inner, self).visit(body)
        return try with(inner) {
            try resolve(body, isTopLevel: false)
            more()
            return inner.layout(strings)
        }
    }

    private func resolve(_ loop: ForStatement) throws {
        if parser.hasLoopTarget { try checkLoopTargets(loop) }
        resolve(loop.iterable)
        var layout = LoopLayout()
        let outer = symbols
        if loop.isRecursive { layout.function = FunctionScope(level: outer.function.level + 1) }
        let function = layout.function ?? outer.function
        let inner = Symbols(function: function, parent: outer)
        let usesLoop =
            loop.isRecursive || !undeclared([Special.loop], in: loop.body).isEmpty
            || (parser.hasScopedBlock && containsScopedBlock(loop))
        if usesLoop { layout.loopSlot = inner.declareParameter(Special.loop) }
        SymbolCollector(inner, self).visitTarget(loop.target, isParameter: true)
        SymbolCollector(inner, self).visit(loop.body)
        if let condition = loop.condition {
            let test = Symbols(function: function, parent: outer)
            loop.target.walk { node in
                if let name = (node as? NameExpression)?.number, let slot = inner.slots[name] { test.share(name, slot) }
                return true
            }
            SymbolCollector(test, self).visit(condition)
            with(test) { resolve(condition) }
        }
        try with(inner) {
            resolve(loop.target)
            try resolve(loop.body, isTopLevel: false)
        }
        layout.body = inner.layout(strings)
        let otherwise = Symbols(function: function, parent: outer)
        SymbolCollector(otherwise, self).visit(loop.otherwise)
        try with(otherwise) { try resolve(loop.otherwise, isTopLevel: false) }
        layout.otherwise = otherwise.layout(strings)
        loop.layout = layout
    }

    private func containsScopedBlock(_ loop: ForStatement) -> Bool {
        var found = false
        loop.walk { node in
            if let block = node as? BlockStatement, block.isScoped { found = true }
            return !found
        }
        return found
    }

    /// Nothing inside of a loop may be called `loop`.
    private func checkLoopTargets(_ loop: ForStatement) throws {
        var place: Int?
        func check(_ target: Node) {
            target.walk { node in
                if let name = node as? NameExpression, name.name == "loop" { place = name.offset }
                return true
            }
        }
        loop.walk { node in
            switch node {
            case let node as ForStatement: check(node.target)
            case let node as SetStatement: check(node.target)
            case let node as SetBlockStatement: check(node.target)
            default: break
            }
            return true
        }
        if let place {
            throw LocatedFailure(
                error: TemplateError(.assertion, "Can't assign to special loop variable in for-loop target"), offset: place)
        }
    }

    private func resolve(_ code: MacroCode) throws {
        let function = FunctionScope(level: symbols.function.level + 1)
        let inner = Symbols(function: function, parent: symbols)
        let collector = SymbolCollector(inner, self)
        for parameter in code.parameters { inner.declareParameter(parameter.number) }
        for parameter in code.parameters { if let value = parameter.defaultValue { collector.visit(value) } }
        collector.visit(code.body)
        let special = undeclared([Special.caller, Special.kwargs, Special.varargs], in: code.body)
        if let index = code.parameters.firstIndex(where: { $0.name == "caller" }) {
            if special.contains(Special.caller), code.parameters[index].defaultValue == nil {
                throw LocatedFailure(
                    error: TemplateError(
                        .assertion,
                        "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default."
                    ),
                    offset: code.parameters[index].offset)
            }
        } else if special.contains(Special.caller) {
            code.callerSlot = inner.declareParameter(Special.caller)
        }
        let names = code.parameters.map(\.number)
        if special.contains(Special.kwargs), !names.contains(Special.kwargs) {
            code.keywordsSlot = inner.declareParameter(Special.kwargs)
        }
        if special.contains(Special.varargs), !names.contains(Special.varargs) {
            code.variadicSlot = inner.declareParameter(Special.varargs)
        }
        code.function = function
        try with(inner) {
            for parameter in code.parameters { if let value = parameter.defaultValue { resolve(value) } }
            try resolve(code.body, isTopLevel: false)
        }
    }

    private func resolve(_ block: BlockStatement) throws {
        let inner = Symbols(function: FunctionScope(level: 0), parent: nil)
        let special = undeclared([Special.selfReference, Special.superReference], in: block.body)
        if special.contains(Special.selfReference) { block.selfSlot = inner.declareParameter(Special.selfReference) }
        if special.contains(Special.superReference) { block.superSlot = inner.declareParameter(Special.superReference) }
        block.function = inner.function
        SymbolCollector(inner, self).visit(block.body)
        try with(inner) { try resolve(block.body, isTopLevel: false) }
    }
}
