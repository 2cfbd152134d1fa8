import Foundation
import Transform

/// The words of dbt's lines.
struct DbtWords: Sendable {
    let style: Style
    let width: Int

    /// `1 of 4 START sql view model marts.orders .......... [RUN]`.
    func line(
        _ text: String, _ status: String, _ colour: Style.Colour? = nil, index: Int? = nil, total: Int? = nil,
        seconds: Double? = nil, cut: Bool = false
    ) -> String {
        let progress = if let index, let total { "\(index) of \(total) " } else { "" }
        var left = "\(progress)\(text) "
        if left.count < width { left += String(repeating: ".", count: width - left.count) }
        if cut, left.count > width - 3 { left = String(left.prefix(width - 3)) + "..." }
        let time = seconds.map { String(format: " in %.2fs", $0) } ?? ""
        return "\(left) [\(colour.map { style(status, $0) } ?? status)\(time)]"
    }

    /// `sql view model marts.orders`, `seed file marts.regions`, `test not_null_orders_id`.
    static func subject(_ node: Node) -> String {
        let relation = [node.schema, node.alias].compactMap { $0 }.joined(separator: ".")
        switch node.resourceType {
        case .model:
            let kind = node.isMicrobatch ? "microbatch" : node.config.materialized.rawValue
            return "\(node.language) \(kind) model \(relation)"
        case .seed: return "seed file \(relation)"
        case .snapshot: return "snapshot \(relation)"
        case .savedQuery: return "saved query \(node.name)"
        default: return "\(node.resourceType.rawValue) \(node.name)"
        }
    }

    /// A warning's line: deprecations have their name in it, so that it can be silenced.
    static func warning(_ message: LogMessage, _ style: Style) -> String {
        let tag = style("[WARNING]", .yellow)
        guard let event = message.event, event.isDeprecation else { return "\(tag): \(message.text)" }
        return "\(tag)[\(event.name)]: Deprecated functionality\n\(message.text)"
    }

    /// `1 seed, 2 table models, 31 data tests`.
    static func counts(_ nodes: some Sequence<Node>) -> String {
        var counts: [String: Int] = [:]
        for node in nodes { counts[kind(node), default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { plural($0.value, $0.key) }.joined(separator: ", ")
    }

    private static func kind(_ node: Node) -> String {
        switch node.resourceType {
        case .model: "\(node.config.materialized.rawValue.replacing("_", with: " ")) model"
        case .test: "data test"
        case .unitTest: "unit test"
        case .operation: "project hook"
        case .savedQuery: "saved query"
        default: node.resourceType.rawValue
        }
    }

    /// `1 model`, `2 analyses`.
    static func plural(_ count: Int, _ name: String) -> String {
        if count == 1 { return "1 \(name)" }
        if name.hasSuffix("analysis") { return "\(count) \(name.dropLast(2))es" }
        if name.hasSuffix("query") { return "\(count) \(name.dropLast())ies" }
        return "\(count) \(name)s"
    }

    /// `in 0 hours 0 minutes and 1.20 seconds (1.20s)`.
    ///
    /// - Parameter exact: whether the seconds follow in brackets.
    static func time(_ seconds: Double, exact: Bool = true) -> String {
        let whole = Int(seconds)
        let rest = seconds - Double(whole / 60 * 60)
        let text = String(format: "in %d hours %d minutes and %.2f seconds", whole / 3600, whole % 3600 / 60, rest)
        return exact ? text + String(format: " (%.2fs)", seconds) : text
    }
}
