package import Diagnostics
import Documents

/// A text of leat.yml that is rendered when its task runs.
package struct TaskText: Sendable {
    package let text: String
    package let location: SourceLocation

    init(_ text: String, at location: SourceLocation) {
        self.text = text
        self.location = location
    }

    init(_ node: YAMLNode) { self.init(node.scalarText, at: node.location) }
}
