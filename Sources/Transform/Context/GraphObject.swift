import Jinja

/// `graph`: the manifest's nodes and sources, made only when a template asks.
final class GraphObject: MethodObject {
    private let world: RenderWorld
    private var cache: [String: Value] = [:]

    init(_ world: RenderWorld) { self.world = world }

    override var typeName: String { "dict" }
    override var isTruthy: Bool { true }
    override var isMapping: Bool { true }
    override func iterate() throws -> [Value]? { ["nodes", "sources", "exposures", "metrics", "groups"] }
    override var methods: Set<String> { ["get"] }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        if let value = cache[name] { return value }
        guard let value = make(name) else { return nil }
        cache[name] = value
        return value
    }

    private func make(_ name: String) -> Value? {
        let manifest = world.manifest
        switch name {
        case "nodes":
            return .dict(
                Dict(
                    (manifest?.nodes.values ?? []).map {
                        (.string($0.id.rawValue), Value(NodeArtifact.json(of: $0, compilation: nil, world: world)))
                    }))
        case "sources":
            return .dict(
                Dict(
                    (manifest?.sources.values ?? []).map {
                        (.string($0.id.rawValue), Value(SourceArtifact.json(of: $0)))
                    }))
        case "exposures":
            return .dict(
                Dict(
                    (manifest?.exposures.values ?? []).map {
                        (.string($0.id.rawValue), Value(ExposureArtifact.json(of: $0)))
                    }))
        case "metrics": return semantics(.metric)
        case "semantic_models": return semantics(.semanticModel)
        case "saved_queries": return semantics(.savedQuery)
        case "groups": return .dict(Dict())
        default: return nil
        }
    }

    private func semantics(_ type: ResourceType) -> Value {
        .dict(
            Dict(
                (world.manifest?.semantics.values ?? []).filter { $0.resourceType == type }.map {
                    (.string($0.id.rawValue), Value(SemanticArtifact.json(of: $0)))
                }))
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try field(try arguments.string(0, "key", of: method), runtime) ?? arguments.value(1, "default") ?? .none
    }
}
