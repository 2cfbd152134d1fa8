import Diagnostics
import Documents
import Jinja

/// Renders the templates inside the values of leat.yml, each with its place for errors.
///
/// A value that is one expression keeps the type of its result, so `"{{ env_var('PORT', '5432') | int }}"` is a number.
struct ScalarTemplates {
    /// The file's own `vars:`.
    let variables: [String: YAMLNode]
    /// Values from the command line; they win.
    let overrides: [String: String]
    let environment: [String: String]
    /// Variables, connections and secrets; nil while these themselves are read.
    var values: ValueLookup?

    /// `node` with every template in it rendered.
    /// - Throws: `ProjectError` at the place of the template that fails.
    ///
    /// What tasks render when they run stays as it is.
    func render(_ node: YAMLNode, path: [String] = []) throws -> YAMLNode {
        if TaskEntry.isRenderedLater(path) || ChannelEntry.isRenderedLater(path) { return node }
        switch node.content {
        case .string(let text) where text.contains("{{") || text.contains("{%"):
            return YAMLNode(try value(of: text, at: node.location), at: node.location)
        case .sequence(let items): return YAMLNode(.sequence(try items.map { try render($0, path: path) }), at: node.location)
        case .mapping(let members):
            let rendered = try members.map { member in
                var member = member
                member.value = try render(member.value, path: path + [member.key])
                return member
            }
            return YAMLNode(.mapping(rendered), at: node.location)
        default: return node
        }
    }

    private func value(of text: String, at location: SourceLocation) throws -> YAMLNode.Content {
        do {
            let template = try Template(source: text, name: location.file, environment: Self.language)
            let runtime = Runtime(environment: Self.language, globals: FileGlobals(templates: self))
            return try content(of: try runtime.renderNative(template), at: location)
        } catch let error as TemplateError {
            if let underlying = error.underlying as? ProjectError { throw Self.placed(underlying, at: location) }
            throw ProjectError(.template, error.message, location: location, details: [text])
        }
    }

    private static func placed(_ error: ProjectError, at location: SourceLocation) -> ProjectError {
        ProjectError(error.kind, error.message, location: location, hint: error.hint, details: error.details)
    }

    private func content(of value: Value, at location: SourceLocation) throws -> YAMLNode.Content {
        switch value {
        case .none, .undefined: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .list(let list):
            .sequence(try list.items.map { YAMLNode(try content(of: $0, at: location), at: location) })
        case .dict(let dict):
            .mapping(
                try dict.pairs.map { key, value in
                    YAMLNode.Member(
                        key: key.pythonString, keyLocation: location,
                        value: YAMLNode(try content(of: value, at: location), at: location))
                })
        default: .string(value.pythonString)
        }
    }

    /// Undefined names are errors here: a misspelt name must not become an empty password.
    private static let language: Environment = {
        var environment = Environment()
        environment.makeUndefined = { StrictUndefined($0) }
        return environment
    }()
}

/// The functions that leat.yml's templates may call.
private struct FileGlobals: Globals {
    let templates: ScalarTemplates

    func value(named name: String) throws -> Value? {
        switch name {
        case "env_var":
            .function("env_var") { arguments, _ in
                let key = try arguments.string(0, "name", of: "env_var")
                if let value = templates.environment[key] {
                    templates.values?.hidden.noteEnvironment(key, value)
                    return .string(value)
                }
                if let fallback = arguments.value(1, "default") { return fallback }
                throw ProjectError(
                    .template, "the environment variable '\(key)' is not set",
                    hint: "set it, or give a default: env_var('\(key)', 'value')")
            }
        case "var": templates.values.map { .object(VariablesObject($0)) } ?? variableFunction
        case "conn": templates.values.map { .object(ConnectionsObject($0)) }
        case "secret":
            templates.values.map { values in
                .function("secret") { arguments, _ in .string(try values.secret(try arguments.string(0, "name", of: "secret"))) }
            }
        default: nil
        }
    }

    /// `var()` of what `vars:` says.
    private var variableFunction: Value {
        .function("var") { arguments, _ in
            let key = try arguments.string(0, "name", of: "var")
            if let value = templates.overrides[key] { return .string(value) }
            if let node = templates.variables[key] { return Value(node) }
            if let fallback = arguments.value(1, "default") { return fallback }
            throw ProjectError(
                .template, "there is no variable '\(key)'",
                hint: Suggestion.hint(for: key, in: templates.variables.keys)
                    ?? "add it under 'vars:', or give a default: var('\(key)', 'value')")
        }
    }
}

extension Value {
    /// A YAML value as templates see it.
    init(_ node: YAMLNode) {
        switch node.content {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .sequence(let items): self = .list(List(items.map { Value($0) }))
        case .mapping(let members):
            let dict = Dict()
            for member in members { dict[.string(member.key)] = Value(member.value) }
            self = .dict(dict)
        }
    }
}
