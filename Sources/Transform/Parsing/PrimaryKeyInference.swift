import Documents

/// Says which columns are the key of a model: those of a constraint, else those that tests hold unique and not null.
enum PrimaryKeyInference {
    private struct Tested {
        var unique: [String] = []
        var notNull: [String] = []
    }

    static func apply(to manifest: inout Manifest) {
        var tested: [NodeID: Tested] = [:]
        for node in manifest.nodes.values {
            guard let test = node.test, let model = test.attachedNode else { continue }
            let columns =
                test.arguments["column_name"]?.string.map { [$0] } ?? NodeConfig.strings(test.arguments["combination_of_columns"])
            switch test.name {
            case "unique", "unique_combination_of_columns": tested[model, default: Tested()].unique += columns
            case "not_null": tested[model, default: Tested()].notNull += columns
            default: break
            }
        }
        for index in manifest.nodes.values.indices where manifest.nodes.values[index].resourceType == .model {
            let key = constrained(manifest.nodes.values[index]) ?? tested[manifest.nodes.keys[index]].map(inferred) ?? []
            if !key.isEmpty { manifest.nodes.update(at: index) { $0.primaryKey = key.sorted() } }
        }
    }

    private static func constrained(_ node: Node) -> [String]? {
        if let constraint = node.constraints.first(where: { $0["type"] == "primary_key" }) {
            return NodeConfig.strings(constraint["columns"])
        }
        return node.columns.first { $0.constraints.contains { $0["type"] == "primary_key" } }.map { [$0.name] }
    }

    private static func inferred(_ tested: Tested) -> [String] {
        let both = tested.notNull.filter(tested.unique.contains)
        return both.isEmpty ? tested.unique : both
    }
}
