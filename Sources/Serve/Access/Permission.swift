/// What a route asks of who calls it.
enum Permission: String, Sendable, Hashable, CaseIterable {
    case look, run, query, edit, administer

    /// What the one who lacks it reads: "you may not ...".
    var words: String {
        switch self {
        case .look: "look at this"
        case .run: "start, stop or repeat runs"
        case .query: "send queries to the warehouse"
        case .edit: "change connections or variables"
        case .administer: "manage users"
        }
    }
}
