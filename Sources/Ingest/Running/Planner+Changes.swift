import Connectors
import Records

extension Planner {
    /// Holds what the source has now against what the last sync found, and does what the connection's policy says.
    ///
    /// - Throws: ``IngestError`` where a change breaks the connection or is not to be let through.
    func applyChanges(to plans: inout [StreamPlan], options: SyncOptions) throws(IngestError) {
        var held: [(stream: String, change: SchemaChange)] = []
        for index in plans.indices {
            guard let recorded = plans[index].recorded else { continue }
            let changes = SchemaChange.between(recorded, plans[index].schema)
            plans[index].changes = changes
            guard !options.approvesChanges else { continue }
            // A key that leat.yml names is changed by who writes that.
            let isOwnKey = plans[index].configured.primaryKey != nil
            let wanted = changes.filter { $0.needsApproval && !($0.isBreaking && isOwnKey) }
            if let breaking = wanted.first(where: \.isBreaking) {
                throw IngestError(
                    .breakingChange, "the stream '\(plans[index].stream.descriptor)' has changed: \(breaking.sentence)",
                    hint:
                        "rows of the old key cannot be told apart by the new one; leat sync \(definition.name) --approve reads the stream anew"
                )
            }
            switch definition.schemaPolicy {
            case .propagateColumns, .propagateFully: continue
            case .disableConnection: held += wanted.map { (plans[index].label, $0) }
            case .ignore: try keep(recorded, in: &plans[index])
            }
        }
        guard held.isEmpty else {
            throw IngestError(
                .schemaChanged, "the source has changed, and connection '\(definition.name)' stops for that",
                hint: "leat sync \(definition.name) --approve takes the source as it is now",
                details: held.map { "\($0.stream): \($0.change.sentence)" })
        }
    }

    /// Goes on with the columns of the last sync. A column that has another type now is sent as the old one.
    private func keep(_ recorded: StreamSchema, in plan: inout StreamPlan) throws(IngestError) {
        plan.columns = plan.columns.compactMap { column in
            guard let known = recorded[column.name] else { return nil }
            guard known.type != column.field.typeName else { return column }
            return ColumnMapping(
                field: column.field, type: known.destinationType, cast: known.destinationType,
                note: "\(column.name): \(column.field.typeName) arrives as \(known.destinationType) (the change is not approved)")
        }
        for column in recorded.columns where !plan.columns.contains(where: { $0.name == column.name }) {
            var absent = ColumnMapping(field: Field(name: column.name, type: .string), type: column.destinationType)
            absent.isAbsent = true
            plan.columns.append(absent)
        }
        plan.approved = recorded
        if let gone = plan.primaryKey.first(where: { key in !plan.columns.contains { $0.name == key } }) {
            throw IngestError(
                .breakingChange, "the stream '\(plan.stream.descriptor)' has the new key column '\(gone)', which is not approved",
                hint: "leat sync \(definition.name) --approve takes the source as it is now")
        }
    }

    /// The error where a stream lost a field that it cannot do without, if the last sync had it.
    func lost(_ name: String, _ setting: String, _ stream: DiscoveredStream, _ recorded: StreamSchema?) -> IngestError {
        guard recorded?[name] != nil else { return missing(name, stream, as: setting) }
        var error = missing(name, stream, as: setting)
        error.kind = .breakingChange
        error.message = "the source has removed '\(name)', the \(setting) of '\(stream.descriptor)'"
        error.hint = "give the stream another \(setting) or another sync_mode in leat.yml"
        return error
    }
}
