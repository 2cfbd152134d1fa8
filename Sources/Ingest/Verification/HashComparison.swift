import Connectors

/// Compares the rows of two sides group by group, by their hashes.
struct HashComparison {
    /// A group that is not the same on both sides.
    struct Difference: Hashable {
        var kind: RowDifference.Kind
        var hash: RowHash
    }

    let allowsOthers: Bool
    /// Whether the rows of a group are those of a key; otherwise they are equal rows.
    let hasKey: Bool
    /// How many differences are kept.
    let limit: Int
    private(set) var count = 0
    private(set) var differences: [Difference] = []

    init(allowsOthers: Bool, hasKey: Bool, limit: Int) {
        self.allowsOthers = allowsOthers
        self.hasKey = hasKey
        self.limit = limit
    }

    /// Compares a group; both sides' hashes are in order.
    mutating func compare(group: Int, source: [Int], destination: [Int]) {
        if source == destination { return }
        if source.isEmpty, allowsOthers {
            // What the source does not have any more is no matter, but one key cannot have the same row twice.
            guard hasKey else { return }
            // The group of a row whose key has a null is the row.
            for (row, next) in zip(destination, destination.dropFirst()) where row == next && row != group {
                add(.doubled, group, row)
            }
            return
        }
        var missing: [Int] = []
        var unexpected: [Int] = []
        var place = 0
        var other = 0
        while place < source.count || other < destination.count {
            if other == destination.count || place < source.count && source[place] < destination[other] {
                missing.append(source[place])
                place += 1
            } else if place == source.count || destination[other] < source[place] {
                unexpected.append(destination[other])
                other += 1
            } else {
                place += 1
                other += 1
            }
        }
        let pairs = hasKey ? min(missing.count, unexpected.count) : 0
        for row in missing.prefix(pairs) { add(.changed, group, row) }
        for row in missing.dropFirst(pairs) { add(.missing, group, row) }
        for row in unexpected.dropFirst(pairs) { add(source.isEmpty ? .unexpected : .doubled, group, row) }
    }

    private mutating func add(_ kind: RowDifference.Kind, _ group: Int, _ row: Int) {
        count += 1
        if differences.count < limit { differences.append(Difference(kind: kind, hash: RowHash(group: group, row: row))) }
    }
}
