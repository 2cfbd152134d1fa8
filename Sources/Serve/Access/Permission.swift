/// What a route asks of who calls it.
enum Permission: String, Sendable, Hashable, CaseIterable {
    case look, run, query, edit, administer

    /// What the one who lacks it reads: "you may not ...".
    var words: String {
        switch self {
        case .look: "look at this"
        case .run: "start, stop or repeat runs"
        case .query: "send queries to the warehouse"
        case .edit: "see or change variables, secrets and connections"
        case .administer: "manage users, or read the audit log"
        }
    }
}
