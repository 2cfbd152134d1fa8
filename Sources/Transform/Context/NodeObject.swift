import Documents
import Jinja

/// A node as an argument of macros: the fields that people use at once, all others from its JSON.
final class NodeObject: MethodObject {
    private let node: Node
    private let world: RenderWorld
    private var members: Value?

    init(_ node: Node, world: RenderWorld) {
        self.node = node
        self.world = world
    }

    var config: NodeConfig { node.config }

    override var typeName: String { "node" }
    override var isTruthy: Bool { true }
    override var isMapping: Bool { true }
    override func iterate() throws -> [Value]? { json.dictValue?.keys }
    override var methods: Set<String> { ["get"] }

    private var json: Value {
        if let members { return members }
        let value = Value(NodeArtifact.json(of: node, compilation: nil, world: world))
        members = value
        return value
    }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "name": .string(node.name)
        case "unique_id": .string(node.id.rawValue)
        case "resource_type": .string(node.resourceType.rawValue)
        case "package_name": .string(node.packageName)
        case "fqn": Value(node.fqn)
        case "path": .string(node.path)
        case "original_file_path": .string(node.originalPath)
        case "version": Value(optional: node.version)
        case "schema": Value(optional: node.schema)
        case "database": Value(optional: node.database)
        case "alias": .string(node.alias)
        case "identifier": .string(node.alias)
        case "config": Value(node.config.values)
        case "is_ephemeral_model": .bool(node.isEphemeral)
        default: json.dictValue?[name]
        }
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try field(try arguments.string(0, "key", of: method), runtime) ?? arguments.value(1, "default") ?? .none
    }
}
