import Connectors
import Documents
import Jinja
import Project

/// The form of a source or a destination: its name, and the fields of its connector's specification.
struct ConnectorForm {
    let role: ConnectorRole
    /// As leat.yml names it.
    let connector: String
    let form: SchemaForm
    let title: String

    /// - Throws: `Problem` 404 for a connector that is not built in.
    init(_ role: ConnectorRole, connector: String) throws {
        guard let spec = Self.specs(role).first(where: { $0.name == connector }) else {
            throw Problem.notFound("built-in \(role.rawValue) connector '\(connector)'")
        }
        self.role = role
        self.connector = connector
        title = spec.title
        form = SchemaForm(spec.connectionSpecification, prefix: "p")
    }

    /// The connectors that are built in.
    static func specs(_ role: ConnectorRole) -> [ConnectorSpec] {
        ConnectorRegistry.builtIn.specs.filter { $0.role.rawValue == role.rawValue }
    }

    /// What a sent form says, as it would stand under the name in leat.yml.
    func content(_ fields: FormFields, stored: JSON?) -> (content: JSON, problems: [String: String]) {
        let read = form.read(fields, stored: stored)
        return (["connector": .string(connector), "config": read.value], read.problems)
    }

    /// What a problem says of a field, beside that field; empty where it is of none in the form.
    func problem(_ problem: Problem) -> [String: String] {
        guard let path = problem.field, path.hasPrefix("config.") else { return [:] }
        let name = "p." + path.dropFirst("config.".count)
        return form.fields.contains { $0.name == name } ? [name: ": \(problem.message)"] : [:]
    }

    /// A config without its secrets, field by field, for people.
    static func shown(_ config: JSON, in path: String = "") -> [(name: String, text: String)] {
        (config.object?.entries ?? []).flatMap { entry -> [(name: String, text: String)] in
            let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            if entry.value.object?.isEmpty == false { return shown(entry.value, in: name) }
            let text = entry.value.array.map { $0.map(SchemaField.text).joined(separator: ", ") } ?? SchemaField.text(entry.value)
            return [(name, text)]
        }
    }
}
