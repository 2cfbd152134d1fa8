import Documents
import Jinja

/// What has to be done to the indexes of a materialized view so that they are those of its configuration.
enum IndexChanges {
    private struct Index: Hashable {
        var columns: Set<String>
        var isUnique: Bool
        var method: String
    }

    /// Compares; `none` where nothing is to be done.
    ///
    /// - Parameters:
    ///   - described: what `describe_materialized_view` gives: the table of existing indexes under `indexes`.
    ///   - config: the node's configuration.
    static func collection(described: Value, config: NodeConfig?) throws -> Value {
        let table = described.dictValue?["indexes"]?.objectValue as? TableObject
        var existing: [(name: String, index: Index)] = []
        for row in table?.rows ?? [] {
            func cell(_ name: String) -> Value { table?.columnNames.firstIndex(of: name).map { row.values[$0] } ?? .none }
            let columns = cell("column_names").pythonString.split(separator: ",").map { $0.lowercased() }
            existing.append(
                (
                    cell("name").pythonString,
                    Index(
                        columns: Set(columns), isUnique: cell("unique").isTruthy, method: cell("method").pythonString.lowercased()
                    )
                ))
        }
        let wanted = (config?["indexes"]?.array ?? []).map { entry in
            Index(
                columns: Set(NodeConfig.strings(entry["columns"]).map { $0.lowercased() }),
                isUnique: entry["unique"]?.bool ?? false, method: (entry["type"]?.string ?? "btree").lowercased())
        }
        // Drops come first: an index may be dropped and made anew under one name.
        let drops = existing.filter { !wanted.contains($0.index) }.map { change("drop", $0.index, name: $0.name) }
        let creations = wanted.filter { index in !existing.contains { $0.index == index } }.map {
            change("create", $0, name: nil)
        }
        if drops.isEmpty && creations.isEmpty { return .none }
        return ["indexes": .list(List(drops + creations)), "requires_full_refresh": .bool(false), "has_changes": .bool(true)]
    }

    private static func change(_ action: String, _ index: Index, name: String?) -> Value {
        let columns = Value(index.columns.sorted())
        return [
            "action": .string(action),
            "context": [
                "name": Value(optional: name), "column_names": columns, "unique": .bool(index.isUnique),
                "method": .string(index.method),
                "as_node_config": ["columns": columns, "unique": .bool(index.isUnique), "type": .string(index.method)],
            ], "requires_full_refresh": .bool(false),
        ]
    }
}
