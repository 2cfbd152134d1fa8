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
    /// What the tag handler wanted to remember.
    public let metadata: [String: String]
    /// The parameters and body as syntax tree.
    package let code: MacroCode
    /// The template it belongs to, which keeps ``code`` alive.
    package let template: TemplateCode
    private let range: Range<Int>
    private let bodyRange: Range<Int>
    private let defaultRanges: [Range<Int>?]

    init(_ draft: MacroDraft, template: TemplateCode) {
        name = draft.name
        tag = draft.tag
        code = draft.code
        metadata = draft.metadata
        self.template = template
        range = draft.range
        bodyRange = draft.bodyRange
        defaultRanges = draft.defaultRanges
    }

    /// The parameters.
    public var parameters: [Parameter] {
        zip(code.parameters, defaultRanges).map { parameter, range in
            Parameter(name: parameter.name.text, defaultSource: range.map { template.source.text($0) })
        }
    }

    /// The line of the tag, from 1.
    public var line: Int { template.source.position(of: range.lowerBound).line }
    /// The column of the tag, from 1.
    public var column: Int { template.source.position(of: range.lowerBound).column }
    /// The whole definition, from the opening tag to the closing one.
    public var source: String { template.source.text(range) }
    /// What stands between the tags.
    public var bodySource: String { template.source.text(bodyRange) }
    /// The name of the template.
    public var templateName: String? { template.source.name }
}
