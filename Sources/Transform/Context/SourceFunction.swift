import Diagnostics
import Documents
import Jinja

/// `source('clients', 'orders')`.
final class SourceFunction: Object {
    private unowned let context: NodeContext

    init(context: NodeContext) { self.context = context }

    override var typeName: String { "source" }
    override var isCallable: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let names = arguments.positional.map(\.pythonString)
        guard names.count == 2 else {
            throw TransformError(.compilation, "source() takes two names, not \(names.count)")
        }
        let call = SourceCall(source: names[0], table: names[1])
        if let capture = context.capture {
            capture.add(call)
            guard let node = context.node else { return .none }
            return .object(RelationObject(context.world.relation(of: node)))
        }
        guard let source = context.world.manifest?.resolve(call, from: context.package) else {
            throw TransformError(.unknownSource, "source('\(call.source)', '\(call.table)') names no source table")
        }
        if let fixture = context.run?.fixtures[source.id] { return .object(RelationObject(fixture)) }
        if context.run?.isUnitTest ?? false {
            throw TransformError(
                .compilation, "the unit test gives no rows for source('\(call.source)', '\(call.table)')",
                hint: "add - input: source('\(call.source)', '\(call.table)') under 'given'")
        }
        let relation = context.world.relation(of: source)
        return .object(RelationObject(context.cut(relation, eventTime: source.config["event_time"]?.string)))
    }
}
