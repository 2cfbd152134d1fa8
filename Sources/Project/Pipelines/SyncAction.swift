import Connectors
package import Documents
import Ingest
import Orchestrate

/// What a run of a single connection does, by the parameter `action` of its pipeline.
package enum SyncAction: String, Sendable, CaseIterable {
    case sync
    /// Everything is read again; the rows that were there go.
    case refresh
    /// Everything is read again; the rows that were there stay.
    case refreshMerge = "refresh_merge"
    /// The tables are emptied, and nothing is read.
    case clear

    /// The action that a run's parameters name; a sync where they name none.
    package init(parameters: JSON) { self = parameters["action"]?.string.flatMap(SyncAction.init) ?? .sync }

    /// A run's parameters that ask for it.
    package var parameters: JSON { ["action": .string(rawValue)] }

    var refreshes: Refresh? {
        switch self {
        case .refresh: .truncate
        case .refreshMerge: .merge
        case .sync, .clear: nil
        }
    }

    /// The parameters of every pipeline of a single connection.
    static let definitions: [ParameterDefinition] = {
        let action: JSON = [
            "type": "string", "enum": .array(allCases.map { .string($0.rawValue) }), "default": "sync",
            "description": "sync; refresh reads all again; clear empties the tables",
        ]
        let streams: JSON = [
            "type": "array", "items": ["type": "string"], "default": [],
            "description": "only these streams; all where it is empty",
        ]
        return [("action", action), ("streams", streams)].compactMap { name, schema in
            (try? ValueSchema(schema)).map { ParameterDefinition(name: name, schema: $0, defaultValue: schema["default"]) }
        }
    }()
}
