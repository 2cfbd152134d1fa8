/// A top-level macro of a template: what the host needs to register it, and to call it through `Runtime.bind(_:)`.
public final class MacroDefinition: Sendable {
    /// A parameter of a macro.
    public struct Parameter: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The source of the default value, nil when there is none.
        public let defaultSource: String?
    }

    /// The name it is registered under, such as `my_macro` or `materialization_table_default`.
    public let name: String
    /// The tag it was defined with, `macro` or one of the host's.
    public let tag: String
    /// The parameters.
    public let parameters: [Parameter]
    /// The line of the tag, from 1.
    public let line: Int
    /// The column of the tag, from 1.
    public let column: Int
    /// The whole definition, from the opening tag to the closing one.
    public let source: String
    /// What stands between the tags.
    public let bodySource: String
    /// What the tag handler wanted to remember.
    public let metadata: [String: String]
    /// The parameters and body as syntax tree.
    package let code: MacroCode
    /// The template it belongs to.
    package let template: TemplateCode

    init(_ draft: MacroDraft, template: TemplateCode) {
        name = draft.name
        tag = draft.tag
        code = draft.code
        metadata = draft.metadata
        self.template = template
        let text = template.source
        (line, column) = text.position(of: draft.range.lowerBound)
        source = text.text(draft.range)
        bodySource = text.text(draft.bodyRange)
        parameters = zip(draft.code.parameters, draft.defaultRanges).map { parameter, range in
            Parameter(name: parameter.name, defaultSource: range.map { text.text($0) })
        }
    }

    /// The name of the template.
    public var templateName: String? { template.source.name }
}
