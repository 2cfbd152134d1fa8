/// Gives every variable of a template its place.
///
/// Each scope is looked at as a whole first (see ``SymbolCollector``), then its parts are resolved.
final class ScopeResolver {
    private typealias Special = NameTable.Special

    /// See ``Environment/resolvesMacrosThroughGlobals``.
    let resolvesMacrosThroughGlobals: Bool
    @exclusivity(unchecked) private var symbols: Symbols
    private let parser: Parser
    private let arena: Arena
    @exclusivity(unchecked) private var blocks: [BlockStatement] = []
    private var imported: Set<Int32> = []

    private init(_ parser: Parser, _ symbols: Symbols) {
        self.parser = parser
        arena = parser.arena
        resolvesMacrosThroughGlobals = parser.code.environment.resolvesMacrosThroughGlobals
        self.symbols = symbols
    }

    /// Goes through some of the names of the template.
    @inline(__always) func forEachName(_ span: NameSpan, _ body: (NameExpression) -> Void) {
        parser.names.withUnsafeBufferPointer { for index in span.range { body($0[index]) } }
    }

    /// The special names of a body that it reads before it sets them.
    private func undeclared(_ special: UndeclaredNames.Names, in body: Body) -> UndeclaredNames.Names {
        guard body.names.isKnown else { return 0 }
        var present: UndeclaredNames.Names = 0
        forEachName(body.names) { present |= UndeclaredNames.bit($0.number) }
        return present & special == 0 ? 0 : UndeclaredNames.find(special, in: body)
    }

    /// Resolves a template.
    static func resolve(_ code: TemplateCode, _ parser: Parser) throws {
        let root = Symbols(function: FunctionScope(level: 0, parser.arena), parent: nil)
        let resolver = ScopeResolver(parser, root)
        code.function = root.function
        if resolver.undeclared(UndeclaredNames.bit(Special.selfReference), in: code.body) != 0 {
            code.selfSlot = root.declareParameter(Special.selfReference)
        }
        resolver.collector.visit(code.body)
        try resolver.resolve(code.body, isTopLevel: true)
        for entry in root.entries where entry.isStored {
            let name = parser.table.names[Int(entry.name)].text
            if let slot = entry.slot { code.exports[name] = slot }
            if !name.hasPrefix("_") && !resolver.imported.contains(entry.name) { code.moduleNames.append(name) }
        }
        if code.moduleNames.count > 1 { code.moduleNames.sort() }
        code.isMacroLibrary =
            resolver.resolvesMacrosThroughGlobals
            && code.body.list.allSatisfy { $0.kind == .macro || $0.cast(OutputStatement.self)?.isBlank == true }
        // Blocks inside of blocks are found on the way.
        var index = 0
        while index < resolver.blocks.count {
            try resolver.resolve(resolver.blocks[index])
            index += 1
        }
        for block in resolver.blocks { code.blocks[block.name] = block }
    }

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

    private func resolve(_ expression: Expression) {
        let names = expression.head.pointee.names
        if names.isKnown { return resolve(names) }
        expression.node.walk { node in
            if let name = node.cast(NameExpression.self) { self.resolve(name) }
            if let target = node.cast(NamespaceTarget.self) { self.resolve(target.node.pointee.base) }
            return true
        }
    }

    @inline(__always) private func resolve(_ name: NameExpression) {
        name.node.pointee.variable = symbols.variable(name.number)
    }

    private func resolve(_ span: NameSpan) { forEachName(span) { resolve($0) } }

    // MARK: Statements

    private func resolve(_ body: Body, isTopLevel: Bool) throws {
        for statement in body.list { try resolve(statement, isTopLevel: isTopLevel) }
    }

    private func resolve(_ statement: Statement, isTopLevel: Bool) throws {
        let names = statement.head.pointee.names
        if names.isKnown { return resolve(names) }
        switch statement.kind {
        case .ifBranches:
            let node = statement.view(IfStatement.self).node.pointee
            for branch in node.branches {
                resolve(branch.condition)
                try resolve(branch.body, isTopLevel: isTopLevel)
            }
            try resolve(node.otherwise, isTopLevel: isTopLevel)
        case .forLoop: try resolve(statement.view(ForStatement.self))
        case .macro:
            let macro = statement.view(MacroStatement.self)
            if !(isTopLevel && resolvesMacrosThroughGlobals), let name = macro.code.storage.pointee.name {
                macro.node.pointee.variable = symbols.variable(name.number)
            }
            try resolve(macro.code)
        case .callBlock:
            let node = statement.view(CallBlockStatement.self).node.pointee
            resolve(Expression(node.call))
            try resolve(node.code)
        case .block:
            let block = statement.view(BlockStatement.self)
            blocks.append(block)
            block.node.pointee.visible = visible
        case .set:
            let node = statement.view(SetStatement.self).node.pointee
            resolve(node.value)
            resolve(node.target)
        default:
            if !resolveImport(statement, isTopLevel: isTopLevel) { try resolveScoped(statement) }
        }
    }

    private var visible: NodeList<ScopeLayout.Alias> { symbols.visible(parser.table, arena) }

    private func resolveImport(_ statement: Statement, isTopLevel: Bool) -> Bool {
        switch statement.kind {
        case .include:
            let node = statement.view(IncludeStatement.self).node
            resolve(node.pointee.template)
            node.pointee.visible = visible
        case .importModule:
            let node = statement.view(ImportStatement.self).node
            resolve(node.pointee.template)
            resolve(node.pointee.target)
            node.pointee.visible = visible
            if isTopLevel { imported.insert(node.pointee.target.number) }
        case .fromImport:
            let node = statement.view(FromImportStatement.self).node
            resolve(node.pointee.template)
            node.pointee.visible = visible
            for part in node.pointee.names {
                resolve(part.target)
                if isTopLevel { imported.insert(part.target.number) }
            }
        default: return false
        }
        return true
    }

    private func resolveScoped(_ statement: Statement) throws {
        switch statement.kind {
        case .setBlock:
            let node = statement.view(SetBlockStatement.self).node
            resolve(node.pointee.target)
            node.pointee.layout = try resolveInner(node.pointee.body) {
                if let filter = node.pointee.filter { resolve(Expression(filter)) }
            }
        case .filterBlock:
            let node = statement.view(FilterBlockStatement.self).node
            node.pointee.layout = try resolveInner(node.pointee.body) { resolve(Expression(node.pointee.filter)) }
        case .autoescape:
            let node = statement.view(AutoescapeStatement.self).node
            let inner = innerScope()
            SymbolCollector(inner, self).visit(node.pointee.value)
            node.pointee.layout = try resolveInner(node.pointee.body, inner) { resolve(node.pointee.value) }
        case .host:
            let node = statement.view(HostStatement.self).node
            for argument in node.pointee.arguments { resolve(argument) }
            node.pointee.layout = try resolveInner(node.pointee.body) {}
        case .with:
            let node = statement.view(WithStatement.self).node
            for value in node.pointee.values { resolve(value) }
            let inner = innerScope()
            for target in node.pointee.targets { SymbolCollector(inner, self).visitTarget(target, isParameter: true) }
            node.pointee.layout = try resolveInner(node.pointee.body, inner) {
                for target in node.pointee.targets { resolve(target) }
            }
        default:
            statement.node.visitChildren { resolve(Expression(head: $0.head)) }
        }
    }

    private func resolveInner(_ body: Body, _ inner: Symbols? = nil, _ more: () -> Void) throws -> ScopeLayout {
        let inner = inner ?? innerScope()
        SymbolCollector(inner, self).visit(body)
        return try with(inner) {
            try resolve(body, isTopLevel: false)
            more()
            return inner.layout(parser.table, arena)
        }
    }

    private func resolve(_ loop: ForStatement) throws {
        if parser.hasLoopTarget { try checkLoopTargets(loop) }
        resolve(loop.iterable)
        var layout = LoopLayout()
        let outer = symbols
        let isRecursive = loop.node.pointee.isRecursive
        if isRecursive { layout.function = FunctionScope(level: outer.function.level + 1, arena) }
        let function = isRecursive ? layout.function : outer.function
        let inner = Symbols(function: function, parent: outer)
        let usesLoop =
            isRecursive || undeclared(UndeclaredNames.bit(Special.loop), in: loop.body) != 0
            || (parser.hasScopedBlock && containsScopedBlock(loop))
        if usesLoop { layout.loopSlot = inner.declareParameter(Special.loop) }
        SymbolCollector(inner, self).visitTarget(loop.target, isParameter: true)
        SymbolCollector(inner, self).visit(loop.body)
        if let condition = loop.condition {
            let test = Symbols(function: function, parent: outer)
            loop.target.node.walk { node in
                if let name = node.cast(NameExpression.self), let slot = inner.slot(of: name.number) {
                    test.share(name.number, slot)
                }
                return true
            }
            SymbolCollector(test, self).visit(condition)
            with(test) { resolve(condition) }
        }
        try with(inner) {
            resolve(loop.target)
            try resolve(loop.body, isTopLevel: false)
        }
        layout.body = inner.layout(parser.table, arena)
        if !loop.otherwise.list.isEmpty {
            let otherwise = Symbols(function: function, parent: outer)
            SymbolCollector(otherwise, self).visit(loop.otherwise)
            try with(otherwise) { try resolve(loop.otherwise, isTopLevel: false) }
            layout.otherwise = otherwise.layout(parser.table, arena)
        }
        loop.node.pointee.layout = layout
    }

    private func containsScopedBlock(_ loop: ForStatement) -> Bool {
        var found = false
        Node(head: loop.head).walk { node in
            if let block = node.cast(BlockStatement.self), block.node.pointee.isScoped { found = true }
            return !found
        }
        return found
    }

    /// Nothing inside of a loop may be called `loop`.
    private func checkLoopTargets(_ loop: ForStatement) throws {
        var place: Int?
        func check(_ target: Expression) {
            target.node.walk { node in
                if let name = node.cast(NameExpression.self), name.number == Special.loop { place = name.offset }
                return true
            }
        }
        Node(head: loop.head).walk { node in
            switch node.kind {
            case .forLoop: check(node.view(ForStatement.self).target)
            case .set: check(node.view(SetStatement.self).node.pointee.target)
            case .setBlock: check(node.view(SetBlockStatement.self).node.pointee.target)
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
        let function = FunctionScope(level: symbols.function.level + 1, arena)
        let inner = Symbols(function: function, parent: symbols)
        let collector = SymbolCollector(inner, self)
        for parameter in code.parameters { inner.declareParameter(parameter.name.number) }
        for parameter in code.parameters { if let value = parameter.defaultValue { collector.visit(value) } }
        collector.visit(code.body)
        try declareSpecials(code, inner)
        code.storage.pointee.function = function
        try with(inner) {
            for parameter in code.parameters { if let value = parameter.defaultValue { resolve(value) } }
            try resolve(code.body, isTopLevel: false)
        }
        if inner.hasAliases { code.storage.pointee.layout = inner.layout(parser.table, arena) }
    }

    /// Gives `caller`, `kwargs` and `varargs` slots where the body of a macro uses them.
    private func declareSpecials(_ code: MacroCode, _ inner: Symbols) throws {
        let (caller, kwargs, varargs) = (Special.caller, Special.kwargs, Special.varargs)
        let special = undeclared(
            UndeclaredNames.bit(caller) | UndeclaredNames.bit(kwargs) | UndeclaredNames.bit(varargs), in: code.body)
        if special == 0 { return }
        func isUsed(_ number: Int32) -> Bool { special & UndeclaredNames.bit(number) != 0 }
        func parameter(_ number: Int32) -> MacroCode.Parameter? { code.parameters.first { $0.name.number == number } }
        let storage = code.storage
        if let explicit = parameter(caller) {
            if isUsed(caller), explicit.defaultValue == nil {
                let message =
                    "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default."
                throw LocatedFailure(error: TemplateError(.assertion, message), offset: explicit.offset)
            }
        } else if isUsed(caller) {
            storage.pointee.callerSlot = inner.declareParameter(caller)
        }
        if isUsed(kwargs), parameter(kwargs) == nil { storage.pointee.keywordsSlot = inner.declareParameter(kwargs) }
        if isUsed(varargs), parameter(varargs) == nil { storage.pointee.variadicSlot = inner.declareParameter(varargs) }
        storage.pointee.takesOnlyParameters =
            storage.pointee.callerSlot == nil && storage.pointee.keywordsSlot == nil && storage.pointee.variadicSlot == nil
    }

    private func resolve(_ block: BlockStatement) throws {
        let inner = Symbols(function: FunctionScope(level: 0, arena), parent: nil)
        let (selfReference, superReference) = (Special.selfReference, Special.superReference)
        let body = block.node.pointee.body
        let special = undeclared(UndeclaredNames.bit(selfReference) | UndeclaredNames.bit(superReference), in: body)
        if special & UndeclaredNames.bit(selfReference) != 0 {
            block.node.pointee.selfSlot = inner.declareParameter(selfReference)
        }
        if special & UndeclaredNames.bit(superReference) != 0 {
            block.node.pointee.superSlot = inner.declareParameter(superReference)
        }
        block.node.pointee.function = inner.function
        SymbolCollector(inner, self).visit(body)
        try with(inner) { try resolve(body, isTopLevel: false) }
    }
}
