import Jinja
import Synchronization

/// A file of macros: indexed when the project is read, parsed when one of its macros is first called.
final class MacroFile: Sendable {
    let package: String
    let originalPath: String
    let displayPath: String
    let text: String
    /// Whether it lies in `tests/generic`.
    let isGenericTest: Bool
    private let parsed = Mutex<[String: MacroDefinition]?>(nil)

    init(package: String, originalPath: String, displayPath: String, text: String, isGenericTest: Bool = false) {
        self.package = package
        self.originalPath = originalPath
        self.displayPath = displayPath
        self.text = text
        self.isGenericTest = isGenericTest
    }

    /// What the macro calls, in the order of the source; nothing where the file does not parse.
    func callSites(of name: String) -> [CallSite] {
        guard let definition = try? definition(named: name) else { return [] }
        return definition.callSites
    }

    /// - Throws: ``TransformError`` where the file does not parse.
    func definition(named name: String) throws -> MacroDefinition? {
        try parsed.withLock { parsed in
            if let known = parsed { return known[name] }
            let definitions: [String: MacroDefinition]
            do {
                let template = try Template(source: text, name: displayPath, environment: TemplateEngine.environment)
                definitions = Dictionary(template.macros.map { ($0.name, $0) }) { _, last in last }
            } catch {
                throw TransformError(template: error)
            }
            parsed = definitions
            return definitions[name]
        }
    }
}
