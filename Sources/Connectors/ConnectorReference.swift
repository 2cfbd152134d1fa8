/// Which connector a source or destination uses.
package enum ConnectorReference: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// One that is built in, by name. Paths in its config begin at the folder, or where Leat was started.
    case builtIn(String, folder: String? = nil)
    /// A program that speaks the Airbyte protocol: its path or its name on PATH, and arguments before those of the protocol.
    /// Paths begin at the project's folder, below which Leat also keeps what such a program wants to be kept.
    case command([String], folder: String)
    /// A container image that speaks the Airbyte protocol.
    case image(String, folder: String? = nil)

    package init(stringLiteral name: String) { self = .builtIn(name) }

    package var description: String {
        switch self {
        case .builtIn(let name, _): name
        case .command(let words, _): words.joined(separator: " ")
        case .image(let name, _): name
        }
    }

    /// Whether an incremental sync needs a cursor field: other sources know by themselves where they ended, or are to be asked.
    package var needsCursorField: Bool {
        guard case .builtIn(let name, _) = self else { return false }
        return ConnectorRegistry.builtIn.sourceSpec(named: name)?.hasOwnState != true
    }
}
