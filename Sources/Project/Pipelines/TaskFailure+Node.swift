import Diagnostics
import Documents
import Orchestrate
import Transform

extension TaskFailure {
    /// Why a dbt node failed: the error with its place, or what a test found.
    ///
    /// Files are named as seen from leat.yml.
    /// - Parameter folder: the dbt project's folder as the user would name it, empty where it is the project's own.
    init(_ result: NodeResult, of manifest: Manifest, in folder: String, location: SourceLocation? = nil) {
        func placed(_ path: String) -> String { folder.isEmpty || path.hasPrefix("/") ? path : folder + "/" + path }
        var details = result.error?.details ?? []
        if let node = manifest.node(result.id), node.resourceType == .test, !node.dependsOnNodes.isEmpty {
            let tested = node.dependsOnNodes.map { manifest.node($0)?.name ?? $0.rawValue }
            details.insert("tests: \(tested.joined(separator: ", "))", at: 0)
        }
        var output = JSON.Members()
        if let rows = result.failingRows, !rows.rows.isEmpty {
            details += TextTable(columns: rows.columns, rows: rows.rows, null: "null").lines()
            let found = result.failures ?? rows.rows.count
            if found > rows.rows.count { details.append("… \((found - rows.rows.count).grouped) more") }
            output["failures"] = .int(found)
            output["columns"] = .array(rows.columns.map { .string($0) })
            output["rows"] = .array(rows.rows.map { .array($0.map { $0.map { .string($0) } ?? .null }) })
        }
        if let path = result.compiledPath.map(placed) {
            details.append("compiled SQL: \(path)")
            output["compiled_path"] = .string(path)
        }
        self.init(
            result.error?.message ?? result.message ?? "failed", code: result.error?.code ?? "dbt.\(result.status.rawValue)",
            location: location ?? result.error?.location, hint: result.error?.hint, details: details, output: .object(output))
    }
}
