import Transform

extension ProjectLineage {
    /// The ids of the nodes that a selection in dbt's language means: `+project_engagement`, `tag:daily`, `source:clients+`.
    ///
    /// Words are united; tables of sources and connections, which dbt does not know, are found by their names, and go before
    /// what they feed.
    /// - Throws: `TransformError` for what cannot be read.
    package func select(_ text: String) throws -> Set<String> {
        var chosen: Set<String> = []
        for word in text.split(whereSeparator: \.isWhitespace).map(String.init) {
            let (before, name, after) = Self.parts(of: word)
            let own = nodes.filter { ($0.kind == .table || $0.kind == .connection) && $0.name == name }.map(\.id)
            if own.isEmpty {
                var found: Set<String> = []
                for session in sessions { found.formUnion(try session.selectedIDs(word).map(\.rawValue)) }
                // What dbt takes along before its nodes goes on to where the data comes from.
                let outside = before == nil ? [] : neighbours(of: found, distance: .max, .upstream).filter(isOutside)
                chosen.formUnion(found.union(outside))
            } else {
                chosen.formUnion(own)
                if let before { chosen.formUnion(neighbours(of: Set(own), distance: before, .upstream)) }
                if let after { chosen.formUnion(neighbours(of: Set(own), distance: after, .downstream)) }
            }
        }
        return chosen
    }

    /// `2+name+` in its parts; the distances are nil where nothing is asked for, and without end where no number says more.
    private static func parts(of word: String) -> (before: Int?, name: String, after: Int?) {
        guard let match = word.wholeMatch(of: /(?:(\d*)\+|@)?(.*?)(?:\+(\d*))?/) else { return (nil, word, nil) }
        let isAt = word.hasPrefix("@")
        return (
            match.1.map { Int($0) ?? .max } ?? (isAt ? .max : nil), String(match.2),
            match.3.map { Int($0) ?? .max } ?? (isAt ? .max : nil)
        )
    }

    private func isOutside(_ id: String) -> Bool { id.hasPrefix("table.") || id.hasPrefix("connection.") }

    private enum Direction { case upstream, downstream }

    /// The nodes at most `distance` steps away.
    private func neighbours(of start: Set<String>, distance: Int, _ direction: Direction) -> Set<String> {
        var next: [String: [String]] = [:]
        for node in nodes {
            for upstream in node.upstream {
                switch direction {
                case .upstream: next[node.id, default: []].append(upstream)
                case .downstream: next[upstream, default: []].append(node.id)
                }
            }
        }
        var found: Set<String> = []
        var edge = Array(start)
        var steps = 0
        while !edge.isEmpty, steps < distance {
            edge = edge.flatMap { next[$0] ?? [] }.filter { found.insert($0).inserted }
            steps += 1
        }
        return found
    }
}
