import Foundation
import Transform

extension DbtLineReporter {
    /// `sql view model marts.orders`, `seed file marts.regions`, `test not_null_orders_id`.
    static func subject(_ node: Node) -> String {
        let relation = [node.schema, node.alias].compactMap { $0 }.joined(separator: ".")
        switch node.resourceType {
        case .model: return "sql \(node.config.materialized.rawValue) model \(relation)"
        case .seed: return "seed file \(relation)"
        case .snapshot: return "snapshot \(relation)"
        default: return "\(node.resourceType.rawValue) \(node.name)"
        }
    }

    /// `4 models, 1 seed, 31 data tests, 1 source`.
    static func counts(of manifest: Manifest) -> String {
        var counts: [(String, Int)] = []
        func count(_ type: ResourceType, _ name: String) {
            let number = manifest.nodes.values.count { $0.resourceType == type }
            if number > 0 { counts.append((name, number)) }
        }
        count(.model, "model")
        count(.seed, "seed")
        count(.snapshot, "snapshot")
        count(.analysis, "analysis")
        count(.test, "data test")
        if !manifest.sources.isEmpty { counts.append(("source", manifest.sources.count)) }
        return list(counts)
    }

    /// `1 seed, 2 table models, 31 data tests, 2 view models`.
    func finishedCounts(_ results: InvocationResults) -> String {
        var counts: [String: Int] = [:]
        for result in results.results {
            guard let node = manifest.node(result.id) else { continue }
            let name =
                switch node.resourceType {
                case .model: "\(node.config.materialized.rawValue) model"
                case .test: "data test"
                default: node.resourceType.rawValue
                }
            counts[name, default: 0] += 1
        }
        return Self.list(counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private static func list(_ counts: [(String, Int)]) -> String {
        counts.map { name, count in
            let plural = name.hasSuffix("analysis") ? String(name.dropLast(2)) + "es" : name + "s"
            return "\(count) \(count == 1 ? name : plural)"
        }.joined(separator: ", ")
    }

    /// `0 hours 0 minutes and 1.20 seconds (1.20s)`.
    static func time(_ seconds: Double) -> String {
        let whole = Int(seconds)
        let rest = seconds - Double(whole / 60 * 60)
        return String(
            format: "%d hours %d minutes and %.2f seconds (%.2fs)", whole / 3600, whole % 3600 / 60, rest, seconds)
    }
}
