import Diagnostics
import Documents
import Jinja
import Synchronization

/// An ephemeral model does not compile: what uses it cannot run.
struct EphemeralFailure: Error {
    let node: Node
    let underlying: any Error
}

/// Turns templates of nodes into SQL. Shared by all workers.
final class NodeCompiler: Sendable {
    private let world: RenderWorld
    /// What was compiled so far, for artifacts; ephemeral models without those that they need.
    private let compiled = Mutex<[NodeID: Compilation]>([:])
    private let ephemeralCode = Mutex<[NodeID: Ephemeral]>([:])

    private struct Ephemeral {
        var code: String
        var map: OutputMap?
        var needs: [NodeID]
    }

    init(world: RenderWorld) {
        self.world = world
    }

    var compilations: [NodeID: Compilation] { compiled.withLock { $0 } }

    /// Compiles the context's node and writes the file under target/compiled.
    ///
    /// - Parameter batch: the batch of a microbatch model, whose files stand in a folder of the model's name.
    func compile(_ node: Node, in context: NodeContext, batch: String? = nil) throws -> Compilation {
        let (code, map) = try render(node, in: context)
        var expressions: [Compilation.Ephemeral] = []
        for id in (world.options.injectsEphemerals ? context.run?.ephemerals : nil) ?? [] {
            try add(id, to: &expressions, context: context)
        }
        var compilation = Compilation(
            code: EphemeralInjection.inject(expressions.map(\.sql), into: code), ephemerals: expressions)
        let path = "compiled/" + RunFiles.path(of: node, batch: batch)
        try ProjectFileSystem.write(Array(compilation.code.utf8), to: world.targetFolder + "/" + path)
        compilation.path = displayPath(path)
        let kept = compilation
        compiled.withLock { $0[node.id] = kept }
        compilation.map = map
        return compilation
    }

    /// Keeps SQL that was rendered elsewhere, and writes its file.
    func keep(
        _ code: String, ephemerals: [Compilation.Ephemeral], map: OutputMap, for node: Node
    ) throws -> Compilation {
        let path = "compiled/" + RunFiles.path(of: node)
        try ProjectFileSystem.write(Array(code.utf8), to: world.targetFolder + "/" + path)
        var compilation = Compilation(code: code, ephemerals: ephemerals, path: displayPath(path))
        let kept = compilation
        compiled.withLock { $0[node.id] = kept }
        compilation.map = map
        return compilation
    }

    /// The path of a file below the target folder as the user would name it.
    func displayPath(_ path: String) -> String {
        let full = world.targetFolder + "/" + path
        let root = world.root.folder + "/"
        return full.hasPrefix(root) ? String(full.dropFirst(root.count)) : full
    }

    private func render(_ node: Node, in context: NodeContext) throws -> (text: String, map: OutputMap?) {
        let template: Template
        if node.test != nil {
            context.set(
                "_dbt_generic_test_kwargs",
                try ArgumentRenderer.render(node.test?.arguments ?? JSON.Members(), context: context, parsing: false))
            template = try Template(source: node.rawCode, name: node.name, environment: TemplateEngine.environment)
        } else if node.language != "sql" {
            return (node.rawCode, nil)
        } else {
            template = try Template(
                source: node.rawCode, name: world.displayPath(of: node), environment: TemplateEngine.environment)
        }
        return try TemplateEngine.renderMapped(template, globals: context)
    }

    /// Adds an ephemeral model after those that it needs itself, each once.
    private func add(_ id: NodeID, to expressions: inout [Compilation.Ephemeral], context: NodeContext) throws {
        guard let node = world.manifest?.nodes[id], let run = context.run else { return }
        let known = ephemeralCode.withLock { $0[id] }
        let entry: Ephemeral
        if let known {
            entry = known
        } else {
            let inner = NodeRun(warehouse: run.warehouse, schemas: run.schemas, selected: run.selected, log: run.log)
            let innerContext = NodeContext(world: world, node: node, run: inner)
            let code: String
            let map: OutputMap?
            do {
                (code, map) = try render(node, in: innerContext)
            } catch {
                throw EphemeralFailure(node: node, underlying: error)
            }
            entry = Ephemeral(code: code, map: map, needs: inner.ephemerals)
            let kept = entry
            ephemeralCode.withLock { $0[id] = kept }
            let path = "compiled/" + RunFiles.path(of: node)
            try ProjectFileSystem.write(Array(code.utf8), to: world.targetFolder + "/" + path)
            compiled.withLock { $0[id] = Compilation(code: code, path: displayPath(path)) }
        }
        for needed in entry.needs { try add(needed, to: &expressions, context: context) }
        guard !expressions.contains(where: { $0.id == id }) else { return }
        let name = Relation.ephemeralName(node.alias)
        expressions.append(
            .init(id: id, sql: EphemeralInjection.expression(name: name, sql: entry.code), map: entry.map))
    }
}
