package import Documents

/// Who owns a part of the models.
package struct Group: Sendable, Hashable {
    package var packageName: String
    package var name: String
    package var path: String
    package var originalPath: String
    package var owner: JSON
    package var description: String?
    package var config: JSON.Members

    package var id: String { "group.\(packageName).\(name)" }
}
