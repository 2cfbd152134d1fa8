/// What a user may do. Each role may do all that those before it may; the greater role may do more.
package enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Looks at pipelines, runs, logs, models and lineage.
    case viewer
    /// Also starts, stops and repeats runs, and asks the warehouse questions.
    case `operator`
    /// Also changes connections and variables.
    case editor
    /// Also decides who gets in.
    case admin

    package static func < (a: Role, b: Role) -> Bool {
        (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }

    /// Whether the role includes `permission`.
    func allows(_ permission: Permission) -> Bool {
        switch permission {
        case .look: true
        case .run, .query: self >= .operator
        case .edit: self >= .editor
        case .administer: self == .admin
        }
    }
}
