/// Gives every variable of a template its place.
///
/// Each scope is looked at as a whole first (see ``SymbolCollector``), then its parts are resolved.
final class ScopeResolver {
    private let environment: Environment
    private var symbols: Symbols

    private init(_ environment: Environment, _ symbols: Symbols) {
        self.environment = environment
        self.symbols = symbols
    }

    /// Resolves a template.
    static func resolve(_ code: TemplateCode, _ environment: Environment) throws {
        let root = Symbols(function: FunctionScope(level: 0), parent: nil)
        let resolver = ScopeResolver(environment, root)
        code.function = root.function
        if UndeclaredNames.find(["self"], in: code.body).contains("self") { code.selfSlot = root.declareParameter("self") }
        resolver.collector.visit(code.body)
        try resolver.resolve(code.body, isTopLevel: true)
        for name in root.stores { if let slot = root.slots[name] { code.exports[name] = slot } }
        code.moduleNames = root.stores.filter { !$0.hasPrefix("_") && !resolver.imported.contains($0) }.sorted()
        code.isMacroLibrary =
            environment.resolvesMacrosThroughGlobals
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
    private var imported: Set<String> = []

    private var collector: SymbolCollector { SymbolCollector(symbols, environment) }

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
        node.walk { node in
            if let name = node as? NameExpression { name.variable = symbols.variable(name.name) }
            if let target = node as? NamespaceTarget { target.variable = symbols.variable(target.name) }
            return true
        }
    }

    // MARK: Statements

    private func resolve(_ body: Body, isTopLevel: Bool) throws {
        for statement in body.statements { try resolve(statement, isTopLevel: isTopLevel) }
    }

    private func resolve(_ statement: Statement, isTopLevel: Bool) throws {
        switch statement {
        case let statement as IfStatement:
            for branch in statement.branches {
                resolve(branch.condition)
                try resolve(branch.body, isTopLevel: isTopLevel)
            }
            try resolve(statement.otherwise, isTopLevel: isTopLevel)
        case let statement as ForStatement: try resolve(statement)
        case let statement as MacroStatement:
            if !(isTopLevel && environment.resolvesMacrosThroughGlobals), let name = statement.code.name {
                statement.variable = symbols.variable(name)
            }
            try resolve(statement.code)
        case let statement as CallBlockStatement:
            resolve(statement.call)
            try resolve(statement.code)
        case let statement as BlockStatement:
            blocks.append(statement)
            statement.visible = symbols.visible
        case let statement as IncludeStatement:
            resolve(statement.template)
            statement.visible = symbols.visible
        case let statement as ImportStatement:
            resolve(statement.template)
            statement.target.variable = symbols.variable(statement.target.name)
            statement.visible = symbols.visible
            if isTopLevel { imported.insert(statement.target.name) }
        case let statement as FromImportStatement:
            resolve(statement.template)
            statement.visible = symbols.visible
            for (_, target) in statement.names {
                target.variable = symbols.variable(target.name)
                if isTopLevel { imported.insert(target.name) }
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
            SymbolCollector(inner, environment).visit(statement.value)
            statement.layout = try resolveInner(statement.body, inner) { resolve(statement.value) }
        case let statement as HostStatement:
            statement.arguments.forEach(resolve)
            statement.layout = try resolveInner(statement.body) {}
        case let statement as WithStatement:
            statement.values.forEach(resolve)
            let inner = innerScope()
            for target in statement.targets { SymbolCollector(inner, environment).visitTarget(target, isParameter: true) }
            statement.layout = try resolveInner(statement.body, inner) { statement.targets.forEach(resolve) }
        default: resolve(statement)
        }
    }

    private func resolveInner(_ body: Body, _ inner: Symbols? = nil, _ more: () -> Void) throws -> ScopeLayout {
        let inner = inner ?? innerScope()
        SymbolCollector(inner, environment).visit(body)
        return try with(inner) {
            try resolve(body, isTopLevel: false)
            more()
            return inner.layout
        }
    }

    private func resolve(_ loop: ForStatement) throws {
        try checkLoopTargets(loop)
        resolve(loop.iterable)
        var layout = LoopLayout()
        let outer = symbols
        if loop.isRecursive { layout.function = FunctionScope(level: outer.function.level + 1) }
        let function = layout.function ?? outer.function
        let inner = Symbols(function: function, parent: outer)
        let usesLoop =
            loop.isRecursive || UndeclaredNames.find(["loop"], in: loop.body).contains("loop") || containsScopedBlock(loop)
        if usesLoop { layout.loopSlot = inner.declareParameter("loop") }
        SymbolCollector(inner, environment).visitTarget(loop.target, isParameter: true)
        SymbolCollector(inner, environment).visit(loop.body)
        if let condition = loop.condition {
            let test = Symbols(function: function, parent: outer)
            loop.target.walk { node in
                if let name = (node as? NameExpression)?.name, let slot = inner.slots[name] { test.share(name, slot) }
                return true
            }
            SymbolCollector(test, environment).visit(condition)
            with(test) { resolve(condition) }
        }
        try with(inner) {
            resolve(loop.target)
            try resolve(loop.body, isTopLevel: false)
        }
        layout.body = inner.layout
        let otherwise = Symbols(function: function, parent: outer)
        SymbolCollector(otherwise, environment).visit(loop.otherwise)
        try with(otherwise) { try resolve(loop.otherwise, isTopLevel: false) }
        layout.otherwise = otherwise.layout
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
        let collector = SymbolCollector(inner, environment)
        for parameter in code.parameters { inner.declareParameter(parameter.name) }
        for parameter in code.parameters { if let value = parameter.defaultValue { collector.visit(value) } }
        collector.visit(code.body)
        let special = UndeclaredNames.find(["caller", "kwargs", "varargs"], in: code.body)
        if let index = code.parameters.firstIndex(where: { $0.name == "caller" }) {
            if special.contains("caller"), code.parameters[index].defaultValue == nil {
                throw LocatedFailure(
                    error: TemplateError(
                        .assertion,
                        "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default."
                    ),
                    offset: code.parameters[index].offset)
            }
        } else if special.contains("caller") {
            code.callerSlot = inner.declareParameter("caller")
        }
        let names = code.parameters.map(\.name)
        if special.contains("kwargs"), !names.contains("kwargs") { code.keywordsSlot = inner.declareParameter("kwargs") }
        if special.contains("varargs"), !names.contains("varargs") { code.variadicSlot = inner.declareParameter("varargs") }
        code.function = function
        try with(inner) {
            for parameter in code.parameters { if let value = parameter.defaultValue { resolve(value) } }
            try resolve(code.body, isTopLevel: false)
        }
    }

    private func resolve(_ block: BlockStatement) throws {
        let inner = Symbols(function: FunctionScope(level: 0), parent: nil)
        let special = UndeclaredNames.find(["self", "super"], in: block.body)
        if special.contains("self") { block.selfSlot = inner.declareParameter("self") }
        if special.contains("super") { block.superSlot = inner.declareParameter("super") }
        block.function = inner.function
        SymbolCollector(inner, environment).visit(block.body)
        try with(inner) { try resolve(block.body, isTopLevel: false) }
    }
}
