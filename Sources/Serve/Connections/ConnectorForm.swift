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

    /// Stands for any container image, where a form asks which connector is meant.
    static let image = "image"

    /// - Parameter connector: the name of one that is built in, or ``image``.
    /// - Throws: `Problem` 404 for any other.
    init(_ role: ConnectorRole, connector: String) throws {
        self.role = role
        self.connector = connector
        if connector == Self.image {
            title = "container image as"
            form = SchemaForm(Self.imageSchema, prefix: "p")
            return
        }
        guard let spec = Self.specs(role).first(where: { $0.name == connector }) else {
            throw Problem.notFound("built-in \(role.rawValue) connector '\(connector)'")
        }
        title = spec.title
        form = SchemaForm(spec.connectionSpecification, prefix: "p")
    }

    /// The form of what there is.
    /// - Throws: `Problem` 404 for a program, which only the file can name.
    init(_ role: ConnectorRole, of reference: ConnectorReference) throws {
        if case .image = reference {
            try self.init(role, connector: Self.image)
        } else {
            try self.init(role, connector: "\(reference)")
        }
    }

    private static let imageSchema: JSON = [
        "type": "object", "required": ["image", "config"],
        "properties": [
            "image": [
                "type": "string", "title": "Image", "minLength": 1, "examples": ["airbyte/source-faker:7.2.1"],
                "description": "It speaks the Airbyte protocol; Docker or Podman of the server's machine runs it.",
            ],
            "config": [
                "type": "object", "title": "Configuration", "examples": ["{\"count\": 100}"],
                "description":
                    "A JSON object with the fields that the image's own spec asks for. Texts are hidden once they are saved, and not shown again after a mistake.",
            ],
        ],
    ]

    /// What stands in the form of what there is.
    func current(_ entry: ConnectorEntry) -> JSON {
        guard case .image(let image, _) = entry.connector else { return entry.config }
        return ["image": .string(image), "config": entry.maskedConfig(as: role == .source ? .source : .destination)]
    }

    /// Of what was typed that which may stand in the page again.
    func shown(_ fields: FormFields) -> FormFields { connector == Self.image ? fields.without("p.config") : fields }

    /// The connectors that are built in.
    static func specs(_ role: ConnectorRole) -> [ConnectorSpec] {
        ConnectorRegistry.builtIn.specs.filter { $0.role.rawValue == role.rawValue }
    }

    /// What a sent form says, as it would stand under the name in leat.yml.
    func content(_ fields: FormFields, stored: JSON?) -> (content: JSON, problems: [String: String]) {
        let read = form.read(fields, stored: stored)
        if connector == Self.image {
            let config = SecretMask.restored(read.value["config"] ?? .object(JSON.Members()), from: stored)
            var problems = read.problems
            if config.object == nil { problems["p.config"] = "is no JSON object" }
            return (["connector": ["image": read.value["image"] ?? ""], "config": config], problems)
        }
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
