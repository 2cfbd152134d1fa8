/// A `{% docs name %}` block, which descriptions take in with `doc('name')`.
package struct DocBlock: Sendable, Hashable {
    package var packageName: String
    package var name: String
    package var contents: String
    package var path: String
    package var originalPath: String

    package var id: String { "doc.\(packageName).\(name)" }
}
