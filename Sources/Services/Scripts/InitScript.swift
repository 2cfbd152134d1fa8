/// An SQL file that prepares a service's database.
struct InitScript: Sendable {
    /// Where a path of the project is; absolute ones stay.
    static func path(_ path: String, in project: String) -> String { path.hasPrefix("/") ? path : project + "/" + path }
}
