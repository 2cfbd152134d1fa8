import Documents
import Jinja
import Postgres

/// Judges a test by the one row of its query: how many failures, and whether that is too many.
struct TestEvaluation {
    /// How many failing rows are kept for people to look at.
    static let sampleSize = 5

    let node: Node
    let warnError: Bool

    func evaluate(_ run: NodeRun, into result: inout NodeResult) throws {
        guard let table = run.results["main"]?.dictValue?["table"]?.objectValue as? TableObject, let row = table.rows.first,
            table.rows.count == 1, row.values.count >= 3
        else {
            throw TransformError(
                .compilation, "the test's query must give one row with failures, should_warn and should_error")
        }
        let failures = row.values[0].intValue ?? row.values[0].doubleValue.map { Int($0) } ?? 0
        let shouldWarn = Self.flag(row.values[1])
        let shouldError = Self.flag(row.values[2])
        result.failures = failures
        result.response = run.mainResponse
        let count = "\(failures) result" + (failures == 1 ? "" : "s")
        let isError = (node.config["severity"]?.string ?? "ERROR").uppercased() == "ERROR"
        if isError, shouldError {
            result.status = .fail
            result.message = "Got \(count), configured to fail if \(node.config["error_if"]?.string ?? "!= 0")"
        } else if shouldWarn {
            result.status = warnError ? .fail : .warn
            result.message =
                "Got \(count), configured to \(warnError ? "fail" : "warn") if \(node.config["warn_if"]?.string ?? "!= 0")"
        } else {
            result.status = .pass
        }
        if result.status != .pass { result.failingRows = sample(run) }
    }

    private static func flag(_ value: Value) -> Bool {
        if let text = value.stringValue { return ["t", "true", "1"].contains(text.lowercased()) }
        return value.isTruthy
    }

    /// The first rows that the test found. Nothing where they cannot be had: the test's own outcome stands.
    private func sample(_ run: NodeRun) -> NodeResult.FailingRows? {
        let query: String
        if let relation = node.relationName, node.storesFailures {
            query = "select * from \(relation) limit \(Self.sampleSize)"
        } else if let code = run.compilation?.code {
            query = "select * from (\n\(code)\n) failing_rows limit \(Self.sampleSize)"
        } else {
            return nil
        }
        guard let rows = try? run.warehouse.execute(query) else { return nil }
        return .init(columns: rows.columns.map(\.name), rows: rows.map { row in rows.columns.indices.map { row[$0].string } })
    }
}
