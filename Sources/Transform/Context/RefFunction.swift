import Diagnostics
import Documents
import Jinja

/// `ref('model')`, `ref('package', 'model', v=2)`.
final class RefFunction: Object {
    private unowned let context: NodeContext

    init(context: NodeContext) { self.context = context }

    override var typeName: String { "ref" }
    override var isCallable: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let call = try Self.call(arguments)
        if let capture = context.capture {
            capture.add(call)
            // Whatever the reference is, a relation stands for it until it is known.
            guard let node = context.node else { return .none }
            return .object(RelationObject(context.world.relation(of: node)))
        }
        return .object(RelationObject(try resolve(call)))
    }

    static func call(_ arguments: Arguments) throws -> RefCall {
        var names = arguments.positional.map(\.pythonString)
        if let name = arguments["model_name"]?.stringValue { names.append(name) }
        let version = (arguments["version"] ?? arguments["v"]).flatMap { $0.isNone ? nil : $0.pythonString }
        var call: RefCall
        switch names.count {
        case 1: call = RefCall(name: names[0], version: version)
        case 2: call = RefCall(package: names[0], name: names[1], version: version)
        default: throw TransformError(.compilation, "ref() takes one or two names, not \(names.count)")
        }
        call.hasTextVersion = version != nil && (arguments["version"] ?? arguments["v"])?.stringValue != nil
        return call
    }

    private func resolve(_ call: RefCall) throws -> Relation {
        guard let manifest = context.world.manifest, let target = manifest.resolve(call, from: context.package) else {
            throw TransformError(.unknownRef, "ref('\(call.name)') names no model, seed or snapshot")
        }
        if let node = context.node, node.resourceType != .operation, !node.dependsOnNodes.contains(target.id) {
            throw TransformError(
                .compilation,
                "ref('\(call.name)') was not seen when the project was parsed, so its place in the graph is unknown",
                hint: "name it outside of conditions: -- depends_on: {{ ref('\(call.name)') }}")
        }
        if let fixture = context.run?.fixtures[target.id] { return fixture }
        if context.run?.isUnitTest ?? false {
            throw TransformError(
                .compilation, "the unit test gives no rows for ref('\(call.name)')",
                hint: "add - input: ref('\(call.name)') under 'given'")
        }
        if target.isEphemeral {
            context.run?.needsEphemeral(target.id)
            let relation = Relation(
                database: nil, schema: nil, identifier: Relation.ephemeralName(target.alias), type: .cte)
            return context.cut(relation, eventTime: target.config["event_time"]?.string)
        }
        let relation = try context.deferred(target) ?? context.world.relation(of: target)
        return context.cut(relation, eventTime: target.config["event_time"]?.string)
    }
}
