import Connectors
import Records

extension StreamVerifier {
    /// Looks up the rows that differ.
    func differences(
        _ differences: [HashComparison.Difference], _ scope: DigestScope
    ) async throws -> [RowDifference] {
        let groups = Set(differences.map(\.hash.group)).sorted()
        let limit = 100 + groups.count
        async let ofSource = source.ask { digester in try digester.rows(scope, groups: groups, limit: limit) }
        async let ofDestination = destination.ask { digester in try digester.rows(scope, groups: groups, limit: limit) }
        let (left, right) = try await (ofSource, ofDestination)
        return differences.compactMap { difference in
            let isOfSource = difference.kind == .missing || difference.kind == .changed
            guard let row = (isOfSource ? left : right).first(where: { $0.hash == difference.hash }) else { return nil }
            let group = difference.hash.group
            let known = Set(left.filter { $0.hash.group == group }.map(\.hash))
            let other = right.first { $0.hash.group == group && !known.contains($0.hash) }
            return RowDifference(
                kind: difference.kind, identity: identity(of: row), hasKey: !request.key.isEmpty,
                changes: difference.kind == .changed ? changes(from: row, to: other) : [])
        }
    }

    private func identity(of row: DigestedRow) -> [RowDifference.Value] {
        let values = zip(request.columns.map(\.name), row.values).map { RowDifference.Value(column: $0, text: $1) }
        guard !request.key.isEmpty else { return values }
        return request.key.compactMap { name in values.first { $0.column == name } }
    }

    private func changes(from row: DigestedRow, to other: DigestedRow?) -> [RowDifference.Change] {
        guard let other else { return [] }
        // By bytes: strings that Unicode holds for the same are equal to Swift.
        func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
        return request.columns.indices.filter { bytes(row.values[$0]) != bytes(other.values[$0]) }.map { index in
            RowDifference.Change(
                column: request.columns[index].name, source: row.values[index], destination: other.values[index])
        }
    }
}
