import Documents
package import Jinja

/// A node's SQL as the warehouse gets it, with the common table expressions of ephemeral models put in.
package struct Compilation: Sendable {
    package var code: String
    /// The ephemeral models that were put in, in order.
    package var ephemerals: [Ephemeral] = []
    /// Where the file lies, as the user would name it.
    package var path: String?
    /// Where the code comes from, without what was put in; kept only while the node runs.
    package var map: OutputMap?

    package struct Ephemeral: Sendable {
        package var id: NodeID
        /// The expression: its name and, in parentheses, the model's code.
        package var sql: String
        /// Where the model's code comes from.
        package var map: OutputMap?
    }

    /// The places that the byte at an offset of the code comes from, the outermost first.
    ///
    /// - Returns: none where it is not known; `id` names the ephemeral model that the byte belongs to.
    func origin(of offset: Int) -> (places: [OutputMap.Place], id: NodeID?) {
        guard let map else { return ([], nil) }
        let added = code.utf8.count - map.length
        guard added > 0, let first = ephemerals.first, let found = code.firstRange(of: first.sql) else {
            return (map.places(of: offset), nil)
        }
        // Either `with` stands before the expressions and a space behind, or a comma behind.
        let joined = ephemerals.reduce(-2) { $0 + 2 + $1.sql.utf8.count }
        var start = code.utf8.distance(from: code.startIndex, to: found.lowerBound)
        let inside = offset - start
        if added == joined + 5 { start -= 4 }
        if offset < start { return (map.places(of: offset), nil) }
        if offset >= start + added { return (map.places(of: offset - added), nil) }
        var rest = inside
        for ephemeral in ephemerals {
            let length = ephemeral.sql.utf8.count
            guard rest >= length else {
                // The code ends before the line break and the parenthesis.
                guard let own = ephemeral.map else { return ([], ephemeral.id) }
                return (own.places(of: rest - (length - 2 - own.length)), ephemeral.id)
            }
            rest -= length + 2
        }
        return ([], nil)
    }
}
