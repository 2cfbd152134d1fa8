import Jinja

/// Reads refs, sources and configuration out of a template's syntax tree, where they are only calls with literals.
///
/// Most models are such; they need not be rendered to learn what they depend on.
struct StaticExtractor: Sendable {
    private let macros: MacroLibrary
    private let package: String
    /// Functions that the project or a package has put its own macros in the place of.
    private let overridden: Set<String>

    private static let calls: Set<String> = ["ref", "source", "config", "var"]
    private static let harmlessNames: Set<String> = ["this", "target", "invocation_id", "run_started_at"]

    init(_ macros: MacroLibrary, package: String) {
        self.macros = macros
        self.package = package
        overridden = Self.calls.union(Self.harmlessNames).filter { macros.macro(named: $0, from: package) != nil }
    }

    /// Whether `ref`, `source` and `config` are what they always are.
    var readsLiterals: Bool { overridden.isDisjoint(with: ["ref", "source", "config"]) }

    /// Nil where only rendering can tell.
    func extract(_ template: Template) throws -> ParseCapture? {
        let capture = ParseCapture()
        guard try take(template.code.body, into: capture) else { return nil }
        return capture
    }

    private func take(_ body: Body, into capture: ParseCapture) throws -> Bool {
        for statement in body.statements {
            if let output = statement.output {
                for expression in output.expressions {
                    guard try take(expression, into: capture) else { return false }
                }
            } else if let condition = statement.conditional {
                // While the project is parsed, no model is incremental.
                guard condition.branches.count == 1, isIncremental(condition.branches[0].condition, capture),
                    try take(condition.otherwise, into: capture)
                else { return false }
            } else {
                return false
            }
        }
        return true
    }

    private func isIncremental(_ expression: Expression, _ capture: ParseCapture) -> Bool {
        guard let call = expression.call, let callee = call.callee.name,
            callee.name == "is_incremental", call.arguments.positional.isEmpty, call.arguments.named.isEmpty,
            let macro = macros.macro(named: callee.name, from: package),
            MacroLibrary.builtInPackages.contains(macro.package)
        else { return false }
        capture.add(macro: macro.id)
        return true
    }

    private func take(_ expression: Expression, into capture: ParseCapture) throws -> Bool {
        if expression.constant != nil || isHarmless(expression) { return true }
        guard let call = expression.call else { return false }
        if let name = call.callee.name?.name, Self.calls.contains(name), !overridden.contains(name) {
            guard let arguments = Self.constants(call.arguments) else { return false }
            return try take(name, arguments, into: capture)
        }
        // A macro that says nothing itself: what it is given counts.
        guard let macro = macro(call.callee), macros.inert.contains(macro, in: macros),
            call.arguments.variadic == nil, call.arguments.keywords == nil
        else { return false }
        for argument in call.arguments.positional + call.arguments.named.map(\.value) {
            guard try take(argument, into: capture) else { return false }
        }
        capture.add(macro: macro.id)
        return true
    }

    private func take(_ name: String, _ arguments: Arguments, into capture: ParseCapture) throws -> Bool {
        switch name {
        case "ref":
            guard (1...2).contains(arguments.positional.count) else { return false }
            capture.add(try RefFunction.call(arguments))
        case "source":
            guard arguments.positional.count == 2, arguments.named.isEmpty else { return false }
            let names = arguments.positional.map(\.pythonString)
            capture.add(SourceCall(source: names[0], table: names[1]))
        case "config":
            guard arguments.positional.isEmpty else { return false }
            capture.add(call: arguments.named)
        default: break
        }
        return true
    }

    private func macro(_ callee: Expression) -> MacroRecord? {
        if let name = callee.name { return macros.macro(named: name.name, from: package) }
        guard let attribute = callee.attribute, let namespace = attribute.object.name else { return nil }
        return macros.namespace(namespace.name)?[attribute.name]
    }

    private func isHarmless(_ expression: Expression) -> Bool {
        if let name = expression.name {
            return Self.harmlessNames.contains(name.name) && !overridden.contains(name.name)
        }
        return expression.attribute.map { isHarmless($0.object) } ?? false
    }

    private static func constants(_ arguments: CallArguments) -> Arguments? {
        guard arguments.variadic == nil, arguments.keywords == nil else { return nil }
        var result = Arguments()
        for argument in arguments.positional {
            guard let value = argument.constant else { return nil }
            result.positional.append(value)
        }
        for argument in arguments.named {
            guard let value = argument.value.constant else { return nil }
            result.named.append((argument.name, value))
        }
        return result
    }
}
