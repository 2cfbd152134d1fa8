import Documents
import Foundation
import Transform

extension DbtReporter {
    /// The line of a node that ended.
    func finished(_ result: NodeResult, _ node: Node, _ index: Int, _ total: Int) -> DbtEvent {
        let subject = DbtWords.subject(node)
        let data = log.keepsData ? data(of: result, node, index, total) : []
        func event(
            _ name: String, _ code: String, _ text: String, _ status: String, _ colour: Style.Colour,
            _ level: DbtEvent.Level = .info, timed: Bool = true
        ) -> DbtEvent {
            let seconds = timed ? result.executionTime : nil
            return DbtEvent(
                name, code, level, words.line(text, status, colour, index: index, total: total, seconds: seconds), data)
        }
        if result.status == .skipped {
            let relation = [node.schema, node.alias].compactMap { $0 }.joined(separator: ".")
            let what = node.resourceType.isReferable ? "relation \(relation)" : "\(node.resourceType.rawValue) \(node.name)"
            let cause = result.skippedBecauseOf.flatMap { manifest.anyNode($0)?.name }.map { ", because of \($0)" } ?? ""
            return event("SkippingDetails", "Q034", "SKIP \(what)\(cause)", "SKIP", .yellow, timed: false)
        }
        if result.status == .noOp {
            return event("LogNodeNoOpResult", "Q019", "NO-OP \(subject)", "NO-OP", .yellow)
        }
        if node.resourceType == .test || node.resourceType == .unitTest { return finishedTest(result, event) }
        let isError = result.status == .error
        let message = result.message ?? "OK"
        let level: DbtEvent.Level = isError ? .error : .info
        let colour: Style.Colour = isError ? .red : result.status == .partialSuccess ? .yellow : .green
        let status = isError ? "ERROR" : message
        switch node.resourceType {
        case .seed:
            return event(
                "LogSeedResult", "Q016", "\(isError ? "ERROR loading" : "OK loaded") \(subject)", status, colour, level)
        case .snapshot:
            return event(
                "LogSnapshotResult", "Q015", "\(isError ? "ERROR snapshotting" : "OK snapshotted") \(subject)", status, colour,
                level)
        case .function:
            return event(
                "LogFunctionResult", "Q047", "\(isError ? "ERROR creating" : "OK created") \(subject)", status.uppercased(),
                colour, level)
        default:
            let verb =
                switch result.status {
                case .error: "ERROR creating"
                case .partialSuccess: "PARTIALLY created"
                default: "OK created"
                }
            return event("LogModelResult", "Q012", "\(verb) \(subject)", status, colour, level)
        }
    }

    /// What dbt's event of such a result holds.
    private func data(of result: NodeResult, _ node: Node, _ index: Int, _ total: Int) -> [(String, JSON)] {
        var data: [(String, JSON)] = [("index", .int(index)), info(result.id, result.status.rawValue)]
        if result.status == .skipped {
            return data + [
                ("resource_type", .string(node.resourceType.rawValue)), ("schema", .string(node.schema ?? "")),
                ("node_name", .string(node.name)), ("total", .int(total)),
            ]
        }
        data.append(("execution_time", .double(result.executionTime)))
        if node.resourceType == .test || node.resourceType == .unitTest {
            return data + [
                ("name", .string(Self.testName(node))), ("status", .string(result.status.rawValue)), ("num_models", .int(total)),
                ("num_failures", .int(result.failures ?? 0)),
                ("attached_node", .string(node.test?.attachedNode?.rawValue ?? "")),
            ]
        }
        data.append(("total", .int(total)))
        let message = result.message ?? ""
        switch node.resourceType {
        case .seed:
            data += [
                ("status", .string(result.status.rawValue)), ("result_message", .string(message)),
                ("schema", .string(node.schema ?? "")), ("relation", .string(node.alias)),
            ]
        case .snapshot:
            data += [
                ("description", .string(DbtWords.subject(node))), ("status", .string(result.status.rawValue)),
                ("result_message", .string(message)), ("cfg", [:]),
            ]
        default:
            let status = result.status == .error || message.isEmpty ? result.status.rawValue : message
            data += [("description", .string(DbtWords.subject(node))), ("status", .string(status))]
        }
        return data
    }

    /// `unique_orders_id`, or `orders::adds_up` of a unit test.
    private static func testName(_ node: Node) -> String { node.unitTest.map { "\($0.model)::\(node.name)" } ?? node.name }

    private func finishedTest(
        _ result: NodeResult,
        _ event: (String, String, String, String, Style.Colour, DbtEvent.Level, Bool) -> DbtEvent
    ) -> DbtEvent {
        let name = manifest.anyNode(result.id).map(Self.testName) ?? result.id.rawValue
        let (text, colour, level): (String, Style.Colour, DbtEvent.Level) =
            switch result.status {
            case .error: ("ERROR", .red, .error)
            case .warn: ("WARN \(result.failures ?? 0)", .yellow, .warn)
            case .fail, .partialSuccess: ("FAIL \(result.failures ?? 0)", .red, .error)
            default: ("PASS", .green, .info)
            }
        return event("LogTestResult", "Q007", "\(text) \(name)", text, colour, level, true)
    }
}
