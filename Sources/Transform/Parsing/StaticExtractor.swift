import Jinja

/// Reads refs, sources and configuration out of a template's syntax tree, where they are only calls with literals.
///
/// Most models are such; they need not be rendered to learn what they depend on.
struct StaticExtractor {
    /// Functions that the project or a package has put its own macros in the place of.
    private let overridden: Set<String>

    private static let calls: Set<String> = ["ref", "source", "config", "var"]
    private static let harmlessNames: Set<String> = ["this", "target", "invocation_id", "run_started_at"]

    init(_ macros: MacroLibrary, package: String) {
        overridden = Self.calls.union(Self.harmlessNames).filter { macros.macro(named: $0, from: package) != nil }
    }

    /// Nil where only rendering can tell.
    func extract(_ template: Template) throws -> ParseCapture? {
        let capture = ParseCapture()
        for statement in template.code.body.statements {
            guard let output = statement as? OutputStatement else { return nil }
            for case .expression(let expression) in output.parts {
                guard try take(expression, into: capture) else { return nil }
            }
        }
        return capture
    }

    private func take(_ expression: Expression, into capture: ParseCapture) throws -> Bool {
        if isHarmless(expression) { return true }
        guard let call = expression as? CallExpression, let callee = call.callee as? NameExpression,
            Self.calls.contains(callee.name),
            !overridden.contains(callee.name), let arguments = Self.constants(call.arguments)
        else { return false }
        switch callee.name {
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

    private func isHarmless(_ expression: Expression) -> Bool {
        if let name = expression as? NameExpression {
            return Self.harmlessNames.contains(name.name) && !overridden.contains(name.name)
        }
        return (expression as? AttributeExpression).map { isHarmless($0.object) } ?? false
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
