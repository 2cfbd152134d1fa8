import Diagnostics
import Records

extension Planner {
    /// The fields that a stream moves: those selected, with the mappings' names and digests.
    func fields(_ configured: ConfiguredStream, _ stream: DiscoveredStream) throws(IngestError) -> [Field] {
        var fields = stream.fields
        if let selected = configured.selectedFields {
            for name in selected where stream.field(named: name) == nil { throw missing(name, stream, as: "selected field") }
            fields = fields.filter { selected.contains($0.name) }
        }
        for mapping in configured.mappings {
            switch mapping {
            case .hash(let name, let method):
                let index = try place(of: name, in: fields, stream, as: "hashed field")
                try obscure(&fields[index], stream)
                fields[index].hash = method
            case .encrypt(let name, let encryption):
                let index = try place(of: name, in: fields, stream, as: "encrypted field")
                try obscure(&fields[index], stream)
                fields[index].encryption = encryption
            case .remove(let name): fields.remove(at: try place(of: name, in: fields, stream, as: "removed field"))
            case .rename(let name, let new):
                let index = try place(of: name, in: fields, stream, as: "renamed field")
                fields[index].sourceName = name
                fields[index].name = new
            case .filter: continue
            }
        }
        try checkNames(fields, stream)
        return fields
    }

    /// What comes in the value's place is text, for whichever type.
    private func obscure(_ field: inout Field, _ stream: DiscoveredStream) throws(IngestError) {
        guard !field.isObscured else {
            throw IngestError(
                .field, "the field '\(field.column)' of '\(stream.descriptor)' is to be hashed or encrypted twice",
                hint: "once is enough")
        }
        field.type = .string
        if field.nativeType != nil { field.nativeType = NativeType(name: "text", portability: .everywhere(as: "text")) }
    }

    private func place(
        of name: String, in fields: [Field], _ stream: DiscoveredStream, as what: String
    ) throws(IngestError) -> Int {
        guard let index = fields.firstIndex(where: { $0.column == name }) else { throw missing(name, stream, as: what) }
        return index
    }

    private func checkNames(_ fields: [Field], _ stream: DiscoveredStream) throws(IngestError) {
        guard !fields.isEmpty else {
            throw IngestError(.field, "no field of the stream '\(stream.descriptor)' is selected")
        }
        var taken: [String: Field] = [:]
        for field in fields {
            if MetaColumn.names.contains(field.name) {
                throw IngestError(
                    .field,
                    "the stream '\(stream.descriptor)' has a column '\(field.name)', which the destination needs itself",
                    hint: "rename it: mappings: [{rename: \(field.column), to: ...}]")
            }
            if let other = taken.updateValue(field, forKey: field.name) {
                throw IngestError(
                    .field,
                    "the fields '\(other.column)' and '\(field.column)' of '\(stream.descriptor)' are both called '\(field.name)' in the destination",
                    hint: "give one of them another name in mappings")
            }
        }
    }

    /// The condition of all row filters together; nil without any.
    func filter(_ configured: ConfiguredStream, _ stream: DiscoveredStream) throws(IngestError) -> RowFilter? {
        var filters: [RowFilter] = []
        for case .filter(let filter) in configured.mappings {
            for name in filter.columns where stream.field(named: name) == nil {
                throw missing(name, stream, as: "filtered field")
            }
            filters.append(filter)
        }
        return filters.isEmpty ? nil : filters.count == 1 ? filters[0] : .all(filters)
    }

    func missing(_ name: String, _ stream: DiscoveredStream, as setting: String) -> IngestError {
        let names = stream.fields.map(\.name)
        return IngestError(
            .field, "the \(setting) '\(name)' is not a column of '\(stream.descriptor)'",
            hint: Suggestion.hint(for: name, in: names) ?? "its columns are \(names.joined(separator: ", "))")
    }

    /// The field of this name of the source, as it is moved.
    func moved(
        _ name: String, _ fields: [Field], _ stream: DiscoveredStream, as setting: String
    ) throws(IngestError) -> Field {
        if let field = fields.first(where: { $0.column == name }) { return field }
        guard stream.field(named: name) != nil else { throw missing(name, stream, as: setting) }
        throw IngestError(
            .field, "the \(setting) '\(name)' of '\(stream.descriptor)' is not among its selected_fields",
            hint: "add it there, since a sync needs it")
    }
}
