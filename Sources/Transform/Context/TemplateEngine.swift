import Documents
package import Jinja

/// The template language as dbt sets it up.
package enum TemplateEngine {
    /// For everything that is compiled and run.
    package static let environment = makeEnvironment()

    /// For the first rendering of nodes: what is undefined may be used in any way, since nothing is known yet.
    static let parsingEnvironment = {
        var environment = makeEnvironment()
        environment.makeUndefined = { PermissiveUndefined($0) }
        return environment
    }()

    private static func makeEnvironment() -> Environment {
        var environment = Environment()
        environment.resolvesMacrosThroughGlobals = true
        environment.filters["as_bool"] = { value, _, _ in value }
        environment.filters["as_number"] = { value, _, _ in value }
        environment.filters["as_native"] = { value, _, _ in value }
        environment.filters["as_text"] = { value, _, _ in .string(value.pythonString) }
        environment.filters["is_list"] = { value, _, _ in .bool(value.listValue != nil) }
        environment.tags["materialization"] = materializationTag
        environment.tags["test"] = testTag("endtest")
        environment.tags["data_test"] = testTag("enddata_test")
        environment.tags["snapshot"] = { parser in
            let name = try parser.expectName()
            return .macro(name: "snapshot_\(name)", .empty, try parser.parseBody(until: "endsnapshot"))
        }
        environment.tags["docs"] = { parser in
            _ = try parser.expectName()
            _ = try parser.parseBody(until: "enddocs")
            return .nothing
        }
        return environment
    }

    private static let materializationTag: TagHandler = { parser in
        let name = try parser.expectName()
        var adapter = "default"
        while try parser.skip(",") {
            if try parser.skip("default") { continue }
            let key = try parser.expectName()
            try parser.expect("=")
            let value = try parser.parseExpression()
            if key == "adapter", let text = value.constant?.stringValue { adapter = text }
        }
        let body = try parser.parseBody(until: "endmaterialization")
        return .macro(name: "materialization_\(name)_\(adapter)", .empty, body)
    }

    private static func testTag(_ end: String) -> TagHandler {
        { parser in
            let name = try parser.expectName()
            let signature = try parser.parseSignature()
            return .macro(name: "test_\(name)", signature, try parser.parseBody(until: end))
        }
    }

    /// The text of a template.
    static func render(_ template: Template, globals: any Globals) throws -> String {
        let runtime = Runtime(environment: template.environment, globals: globals)
        return try withExtendedLifetime(globals) { try runtime.render(template) }
    }

    /// The text of a template, and where each piece of it comes from.
    static func renderMapped(_ template: Template, globals: any Globals) throws -> (text: String, map: OutputMap) {
        let runtime = Runtime(environment: template.environment, globals: globals)
        return try withExtendedLifetime(globals) { try runtime.renderMapped(template) }
    }

    /// The text of a template that another one makes while it is running.
    static func render(_ source: String, name: String, within runtime: Runtime) throws -> String {
        guard YAMLRenderer.holdsTemplate(source) else { return source }
        let template = try Template(source: source, name: name, environment: runtime.environment)
        let inner = Runtime(environment: runtime.environment, globals: runtime.globals)
        return try inner.render(template)
    }

    /// The value of a template that is one expression, else its text, read as a literal if it is one.
    static func renderNative(_ source: String, name: String, globals: any Globals, parsing: Bool = false) throws -> Value {
        let environment = parsing ? parsingEnvironment : environment
        let template = try Template(source: source, name: name, environment: environment)
        let runtime = Runtime(environment: environment, globals: globals)
        return try withExtendedLifetime(globals) { try runtime.renderNative(template) }
    }
}

/// What does not exist while the project is parsed: every use of it gives the same again.
final class PermissiveUndefined: Undefined {
    override func attribute(_ name: String) throws -> Value { .undefined(self) }
    override func item(_ key: Value) throws -> Value { .undefined(self) }
    override func call(_ arguments: Arguments) throws -> Value { .undefined(self) }
}
