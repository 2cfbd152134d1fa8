package import Documents

/// An entry of selectors.yml.
package struct NamedSelector: Sendable {
    package var name: String
    package var description: String?
    /// As it stands in the file, for the manifest.
    package var definition: JSON
    var expression: SelectionExpression
    /// Whether commands without a selection of their own use it.
    var isDefault: Bool
    /// As manifest.json has it: the entry, with every text of its definition taken apart.
    var json: JSON = .null
}
