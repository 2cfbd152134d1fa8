import Diagnostics
import Documents
import Orchestrate
import Transform

extension TaskFailure {
    /// Why a dbt node failed: the error with its place, or what a test found.
    /// - Parameter folder: the dbt project's folder as the user would name it, empty where it is the project's own.
    init(_ result: NodeResult, in folder: String) {
        var details = result.error?.details ?? []
        var output = JSON.Members()
        if let rows = result.failingRows, !rows.rows.isEmpty {
            details += TextTable(columns: rows.columns, rows: rows.rows, null: "null").lines()
            let found = result.failures ?? rows.rows.count
            if found > rows.rows.count { details.append("… \((found - rows.rows.count).grouped) more") }
            output["failures"] = .int(found)
            output["columns"] = .array(rows.columns.map { .string($0) })
            output["rows"] = .array(rows.rows.map { .array($0.map { $0.map { .string($0) } ?? .null }) })
        }
        if let path = result.compiledPath.map({ folder.isEmpty || $0.hasPrefix("/") ? $0 : folder + "/" + $0 }) {
            details.append("compiled SQL: \(path)")
            output["compiled_path"] = .string(path)
        }
        self.init(
            result.error?.message ?? result.message ?? "failed", code: result.error?.code ?? "dbt.\(result.status.rawValue)",
            location: result.error?.location, hint: result.error?.hint, details: details, output: .object(output))
    }
}
