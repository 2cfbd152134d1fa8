import Jinja
import Synchronization

/// The pages' templates, compiled into the binary; each is parsed when it is first used.
final class TemplateShelf: TemplateLoader {
    private let sources: [String: String]
    private let parsed = Mutex<[String: Template]>([:])

    init() {
        sources = Dictionary(
            uniqueKeysWithValues: EmbeddedWeb.files.filter { $0.path.hasPrefix("templates/") }
                .map { (String($0.path.dropFirst("templates/".count)), $0.text) })
    }

    func template(named name: String, environment: Environment) throws -> Template? {
        if let template = parsed.withLock({ $0[name] }) { return template }
        guard let source = sources[name] else { return nil }
        let template = try Template(source: source, name: name, environment: environment)
        parsed.withLock { $0[name] = template }
        return template
    }
}
