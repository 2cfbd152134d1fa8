/// Which changes of data begin a run.
package indirect enum DataCondition: Sendable, Hashable {
    case updated(DataReference)
    case all([DataCondition])
    case any([DataCondition])

    /// Whether the changes since the last run are enough.
    package func holds(_ updated: Set<DataReference>) -> Bool {
        switch self {
        case .updated(let reference): updated.contains(reference)
        case .all(let parts): parts.allSatisfy { $0.holds(updated) }
        case .any(let parts): parts.contains { $0.holds(updated) }
        }
    }

    /// All that is named in it.
    package var references: Set<DataReference> {
        switch self {
        case .updated(let reference): [reference]
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.references) }
        }
    }
}

extension DataCondition: CustomStringConvertible {
    package var description: String {
        switch self {
        case .updated(let reference): "\(reference)"
        case .all(let parts): parts.map(Self.part).joined(separator: " and ")
        case .any(let parts): parts.map(Self.part).joined(separator: " or ")
        }
    }

    private static func part(_ condition: DataCondition) -> String {
        if case .updated = condition { "\(condition)" } else { "(\(condition))" }
    }
}
