import Orchestrate
import Project

/// What the warehouse's catalog says of tables, kept for some time.
struct WarehouseShelf: Sendable {
    struct Catalog: Sendable {
        /// Names and types of columns, by schema and table.
        var columns: [String: [String: String]] = [:]
        var sizes: [String: QueryConsole.Size] = [:]

        /// How a relation, such as `"warehouse"."marts"."orders"`, is called here.
        static func key(of relation: String?) -> String? {
            guard let parts = relation?.split(separator: ".").suffix(2), parts.count == 2 else { return nil }
            return parts.map { $0.replacing("\"", with: "") }.joined(separator: ".")
        }
    }

    private let current: CurrentProject
    private let shelf: Shelf<Int, Catalog>

    init(_ current: CurrentProject, clock: any RunClock) {
        self.current = current
        shelf = Shelf(clock: clock)
    }

    /// Of all destinations that can be asked. It takes as long as they do to answer, or not to.
    /// - Throws: why the first of them does not answer.
    func catalog() async throws -> Catalog {
        let project = current.project
        return try await shelf.value(0) {
            let console = QueryConsole(project)
            var catalog = Catalog()
            for name in project.destinations.map(\.name) where console.databases.contains(name) {
                for table in try await console.tables(on: name) {
                    let columns = table.columns.map { column in
                        let words = column.split(separator: " ", maxSplits: 1).map(String.init)
                        return (words[0], words.count > 1 ? words[1] : "")
                    }
                    catalog.columns["\(table.schema).\(table.name)"] = Dictionary(
                        columns, uniquingKeysWith: { first, _ in first })
                }
                for size in try await console.sizes(on: name) { catalog.sizes["\(size.schema).\(size.name)"] = size }
            }
            return catalog
        }
    }
}
