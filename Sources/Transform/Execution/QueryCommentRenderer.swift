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
        let text =
            YAMLRenderer.holdsTemplate(template) ? try rendered(template, context) : template.trimmingWhitespaceBytes
        guard !text.contains("*/") else {
            throw TransformError(
                .project, "query-comment contains illegal value \"*/\": \(text)", hint: "the comment would end there")
        }
        return StatementComment(text: text, append: setting.append)
    }

    /// The template as the body of a macro, so that it may `return()` its text.
    private static func rendered(_ template: String, _ context: NodeContext) throws -> String {
        let inner = NodeContext(world: context.world, node: context.node, run: context.run)
        inner.set("node", context.node.map { .object(NodeObject($0, world: context.world)) } ?? .none)
        inner.set("connection_name", .string(context.node?.id.rawValue ?? "master"))
        let root = context.world.root.name
        let file = MacroFile(
            package: root, originalPath: "dbt_project.yml", displayPath: "query-comment",
            text: "{% macro query_comment_macro() %}\(template){% endmacro %}")
        let macro = MacroRecord(
            name: "query_comment_macro", package: root, line: 1, file: file, range: 0..<file.text.utf8.count,
            header: "query_comment_macro()")
        do {
            let runtime = Runtime(environment: TemplateEngine.environment, globals: inner)
            return try withExtendedLifetime(inner) {
                try runtime.call(inner.callable(macro), Arguments()).pythonString.trimmingWhitespaceBytes
            }
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
