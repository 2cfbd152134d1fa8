/// Which stream: its name, and the namespace (in a database: the schema) that it lies in.
package struct StreamDescriptor: Sendable, Hashable, CustomStringConvertible {
    package var namespace: String?
    package var name: String

    package init(namespace: String? = nil, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Whether somebody who says `name` may mean this stream.
    package func answers(to name: String) -> Bool { name == self.name || name == description }

    /// `namespace.name`, for people; not quoted.
    package var description: String { namespace.map { "\($0).\(name)" } ?? name }
}

extension StreamDescriptor: Comparable {
    package static func < (left: StreamDescriptor, right: StreamDescriptor) -> Bool {
        (left.namespace ?? "", left.name) < (right.namespace ?? "", right.name)
    }
}
