import Diagnostics
import Documents
import Jinja
import Orchestrate
import Transform

/// Renders the texts of a task when it runs.
struct TaskRenderer: Sendable {
    let globals: TaskGlobals
    /// All tasks of the pipeline.
    var siblings: Set<TaskID> = []

    /// The text of a template.
    /// - Throws: `TaskFailure` with the place in leat.yml.
    func text(_ template: TaskText) throws -> String {
        guard template.text.contains("{") else { return template.text }
        return try run(template) { try $1.render($0) }
    }

    /// The value of a template that is one expression; one without braces is an expression itself.
    func value(_ template: TaskText) throws -> Value {
        let hasBraces = template.text.contains("{{") || template.text.contains("{%")
        let source = hasBraces ? template : TaskText("{{ \(template.text) }}", at: template.location)
        return try run(source) { try $1.renderNative($0) }
    }

    /// YAML with the templates in its texts rendered.
    func json(_ node: YAMLNode) throws -> JSON {
        switch node.content {
        case .string(let text) where text.contains("{{") || text.contains("{%"):
            return JSON(templateValue: try value(TaskText(text, at: node.location)))
        case .sequence(let items): return .array(try items.map { try json($0) })
        case .mapping(let members): return .object(JSON.Members(try members.map { ($0.key, try json($0.value)) }))
        default: return node.json
        }
    }

    private func run<T>(_ template: TaskText, _ body: (Template, Runtime) throws -> T) throws -> T {
        try Self.run(template, globals, globals.values.hidden, body)
    }

    /// The text of a template with these names in it.
    /// - Throws: `TaskFailure` with the place in leat.yml.
    static func text(_ template: TaskText, _ globals: any Globals, _ hidden: HiddenTexts) throws -> String {
        guard template.text.contains("{") else { return template.text }
        return try run(template, globals, hidden) { try $1.render($0) }
    }

    private static func run<T>(
        _ template: TaskText, _ globals: any Globals, _ hidden: HiddenTexts, _ body: (Template, Runtime) throws -> T
    ) throws -> T {
        do {
            let parsed = try Template(source: template.text, name: template.location.file, environment: language)
            return try body(parsed, Runtime(environment: language, globals: globals))
        } catch let error as TemplateError {
            let cause = error.underlying as? any UserFacingError
            throw TaskFailure(
                cause?.message ?? error.message, code: "task.template", location: template.location, hint: cause?.hint,
                details: [hidden.masked(template.text)], isRetryable: false)
        }
    }

    /// Undefined names are errors: a misspelt one must not become an empty part of a statement.
    static let language: Environment = {
        var environment = Environment()
        environment.makeUndefined = { StrictUndefined($0) }
        @Sendable func moment(_ value: Jinja.Value) -> Timestamp? {
            if case .object(let object) = value, let moment = object as? MomentObject { return moment.moment }
            return value.stringValue.flatMap { try? Timestamp(parsing: $0) }
        }
        for (name, pattern) in [("ds", "%Y-%m-%d"), ("ds_nodash", "%Y%m%d"), ("ts_nodash", "%Y%m%dT%H%M%S")] {
            environment.filters[name] = { value, _, _ in
                moment(value).map { .string(MomentFormat.format($0, pattern)) } ?? value
            }
        }
        environment.filters["ts"] = { value, _, _ in moment(value).map { .string(MomentFormat.iso($0)) } ?? value }
        return environment
    }()

    /// What is wrong with a template before it runs.
    /// - Throws: `ProjectError` at its place.
    static func check(_ template: TaskText, isExpression: Bool = false) throws {
        let hasBraces = template.text.contains("{{") || template.text.contains("{%") || template.text.contains("{#")
        guard hasBraces || isExpression else { return }
        let source = hasBraces ? template.text : "{{ \(template.text) }}"
        if let problem = problem(of: source) {
            throw ProjectError(.template, problem, location: template.location, details: [template.text])
        }
    }

    private static func problem(of source: String) -> String? {
        do {
            _ = try Template(source: source, name: "template", environment: language)
            return nil
        } catch {
            return error.message
        }
    }
}

extension JSON {
    /// The data of a template's value; what is no data becomes its text.
    init(templateValue value: Jinja.Value) {
        switch value {
        case .undefined, .none: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .list(let list): self = .array(list.items.map { JSON(templateValue: $0) })
        case .tuple(let tuple): self = .array(tuple.items.map { JSON(templateValue: $0) })
        case .dict(let dict):
            self = .object(Members(dict.pairs.map { ($0.key.pythonString, JSON(templateValue: $0.value)) }))
        default: self = .string(value.pythonString)
        }
    }
}
