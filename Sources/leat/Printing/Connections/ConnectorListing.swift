import Connectors
import Diagnostics
import Documents

/// A connector and its fields, for people.
struct ConnectorListing {
    private let spec: ConnectorSpec
    private let style: Style

    init(_ spec: ConnectorSpec, style: Style) {
        self.spec = spec
        self.style = style
    }

    var text: String {
        let names = spec.aliases.isEmpty ? "" : "  also: \(spec.aliases.joined(separator: ", "))"
        let heading = style("\(spec.role.rawValue) \(spec.name)", .bold) + style(names, .dim)
        let table = TextTable(
            columns: ["field", "type", "default", "what it is"], rows: rows(of: spec.fields, below: ""), maximumWidth: nil)
        return ([heading] + table.lines()).joined(separator: "\n")
    }

    private func rows(of fields: [ConfigField], below path: String) -> [[String?]] {
        fields.flatMap { field -> [[String?]] in
            if case .ignored = field.kind { return [] }
            let initial = field.isRequired ? "required" : field.defaultValue.map { $0.string ?? $0.text() }
            let row = [path + field.name, type(of: field), initial, field.summary]
            guard case .object(let nested, _) = field.kind else { return [row] }
            return [row] + rows(of: nested, below: "\(path)\(field.name).")
        }
    }

    private func type(of field: ConfigField) -> String {
        switch field.kind {
        case .string: field.isSecret ? "secret" : "string"
        case .integer: "integer"
        case .boolean: "boolean"
        case .strings: "list of strings"
        case .object: "mapping"
        case .choice(let words): words.count == 1 ? words[0] : "one of \(words.count)"
        case .map: "mapping"
        case .ignored: ""
        }
    }
}
