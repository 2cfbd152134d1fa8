/// Makes texts unreadable to all who do not have the key, and readable again.
protocol TextSeal: Sendable {
    /// - Parameter label: what it is for; only the same label opens it.
    func seal(_ text: String, as label: String) throws -> String
    /// - Throws: an error for a person where the key or the label is another.
    func open(_ sealed: String, as label: String) throws -> String
}
