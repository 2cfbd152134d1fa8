import Diagnostics
import Jinja

/// `function('name')`: a function of the project's own, as SQL names it.
final class FunctionFunction: Object {
    private unowned let context: NodeContext

    init(context: NodeContext) { self.context = context }

    override var typeName: String { "function" }
    override var isCallable: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let call = try RefFunction.call(arguments)
        if let capture = context.capture {
            capture.addFunction(call)
            guard let node = context.node else { return .none }
            return .object(RelationObject(context.world.relation(of: node)))
        }
        guard let manifest = context.world.manifest, let target = manifest.resolveFunction(call, from: context.package) else {
            let names = (context.world.manifest?.nodes.values ?? []).filter { $0.resourceType == .function }.map(\.name)
            throw TransformError(
                .unknownRef, "function('\(call.name)') names no function", hint: Suggestion.hint(for: call.name, in: names))
        }
        var relation = try context.deferred(target) ?? context.world.relation(of: target)
        relation.type = .function
        return .object(RelationObject(relation))
    }
}

extension Manifest {
    /// The function that `function()` means, looked for in the caller's package, then the project, then anywhere.
    func resolveFunction(_ call: RefCall, from package: String) -> Node? {
        for candidate in call.package.map({ [$0] }) ?? [package, projectName] {
            if let found = nodes[NodeID("function.\(candidate).\(call.name)")] { return found }
        }
        guard call.package == nil else { return nil }
        return nodes.values.first { $0.resourceType == .function && $0.name == call.name }
    }
}
