import Documents
import Jinja

/// Makes the comment that goes with the statements of a node.
enum QueryCommentRenderer {
    static func comment(for context: NodeContext) throws -> StatementComment? {
        let setting = context.world.root.definition.queryComment
        guard let template = setting.template else {
            return StatementComment(text: standard(context), append: setting.append)
        }
        guard !template.isEmpty else { return nil }
        guard YAMLRenderer.holdsTemplate(template) else { return StatementComment(text: template, append: setting.append) }
        do {
            let inner = NodeContext(world: context.world, node: context.node, run: context.run)
            inner.set("node", context.node.map { .object(NodeObject($0, world: context.world)) } ?? .none)
            let parsed = try Template(source: template, name: "query-comment", environment: TemplateEngine.environment)
            return StatementComment(
                text: try TemplateEngine.render(parsed, globals: inner).trimmingWhitespaceBytes, append: setting.append)
        } catch {
            throw TransformError(template: error)
        }
    }

    /// dbt's own comment.
    private static func standard(_ context: NodeContext) -> String {
        let profile = context.world.profile
        let dict = Dict(pairs: [
            ("app", "dbt"), ("dbt_version", .string(Invocation.dbtVersion)), ("profile_name", .string(profile.name)),
            ("target_name", .string(profile.targetName)),
        ])
        if let node = context.node { dict["node_id"] = .string(node.id.rawValue) } else { dict["connection_name"] = "master" }
        return PythonJSON.text(of: .dict(dict))
    }
}
