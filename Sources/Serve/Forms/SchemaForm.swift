import Documents
import Jinja

/// A form made from the JSON Schema of an object: parameters of a pipeline, configuration of a connector.
///
/// ```swift
/// let form = SchemaForm(schema, prefix: "p")
/// values["fields"] = form.value(SchemaField.Filling(current: stored))
/// let (config, problems) = form.read(fields, stored: stored)
/// ```
struct SchemaForm {
    let fields: [SchemaField]
    private let groups: [(id: String, title: String)]

    /// - Parameter prefix: what the names of its inputs begin with.
    init(_ schema: JSON, prefix: String) {
        fields = SchemaField.fields(of: schema, parent: prefix)
        groups = (schema["groups"]?.array ?? []).compactMap { group in
            group["id"]?.string.map { ($0, group["title"]?.string ?? "") }
        }
    }

    /// What a sent form says, with types, and what is wrong with it by the names of inputs.
    /// - Parameter stored: the values that are there already: secrets that are not typed anew stay.
    func read(_ form: FormFields, stored: JSON? = nil) -> (value: JSON, problems: [String: String]) {
        var problems: [String: String] = [:]
        let value = SchemaField.object(fields, form, stored: stored, problems: &problems)
        return (value ?? .object(JSON.Members()), problems)
    }

    /// For the template `fields.html`: sections, each with a title and fields; those that need not be filled in apart.
    /// - Parameter folds: whether what is optional and not said yet is folded away.
    func value(_ filling: SchemaField.Filling, folds: Bool = false) -> Value {
        var sections: [Value] = []
        let ids = groups.map(\.id)
        for (id, title) in groups + [("", "")] {
            let members = fields.filter { field in
                let group = field.schema["group"]?.string ?? ""
                return group == id || id.isEmpty && !ids.contains(group)
            }
            guard !members.isEmpty else { continue }
            let folded = folds ? members.filter { isFolded($0, filling) } : []
            sections.append(
                Value([
                    "title": .string(title),
                    "fields": Value(
                        members.filter { field in !folded.contains { $0.name == field.name } }
                            .map { $0.value(filling.inside($0.key)) }),
                    "folded": Value(folded.map { $0.value(filling.inside($0.key)) }),
                ]))
        }
        return Value(sections)
    }

    private func isFolded(_ field: SchemaField, _ filling: SchemaField.Filling) -> Bool {
        if field.isRequired || field.schema["always_show"]?.bool == true { return false }
        // Hardly anything answers without its password.
        if case .secret = field.kind { return false }
        if filling.problems.keys.contains(where: {
            $0 == field.name || $0.hasPrefix(field.name + "~") || $0.hasPrefix(field.name + ".")
        }) {
            return false
        }
        if let typed = filling.typed?[field.name] { return typed.isEmpty }
        return filling.current?[field.key] == nil
    }
}
