import Documents

/// The comment that tells a database's administrator which node a statement belongs to.
package struct QueryComment: Sendable, Hashable {
    /// A template; nil for dbt's own comment, empty for none.
    package var template: String?
    package var append: Bool

    /// dbt's default: the macro's comment, before the statement.
    package static let standard = QueryComment(template: nil, append: false)

    init(template: String?, append: Bool) {
        self.template = template
        self.append = append
    }

    /// The value of `query-comment:`.
    init(_ value: JSON?) {
        switch value {
        case .object(let members):
            self.init(
                template: members["comment"].map { $0.string ?? "" }, append: members["append"]?.bool ?? false)
        case .string(let text): self.init(template: text, append: false)
        case .null, .bool(false): self.init(template: "", append: false)
        default: self = .standard
        }
    }
}
