/// Which connector a source or destination uses.
package enum ConnectorReference: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// One that is built in, by name.
    case builtIn(String)
    /// A program that speaks the Airbyte protocol: its path or its name on PATH, and arguments before those of the protocol.
    /// Paths begin at the project's folder, below which Leat also keeps what such a program wants to be kept.
    case command([String], folder: String)
    /// A container image that speaks the Airbyte protocol.
    case image(String)

    package init(stringLiteral name: String) { self = .builtIn(name) }

    package var description: String {
        switch self {
        case .builtIn(let name): name
        case .command(let words, _): words.joined(separator: " ")
        case .image(let name): name
        }
    }

    /// Whether Leat knows the connector without asking it.
    package var isBuiltIn: Bool { if case .builtIn = self { true } else { false } }
}
