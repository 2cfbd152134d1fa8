/// Sums up the content of a table where it lies, so that two tables can be compared without moving their rows.
///
/// A value counts as its text. Each row has a hash of all its values, and belongs to a group: the rows of one key, or,
/// without a key, the rows that are equal. All questions are answered about one instant. For one thread that may block.
package protocol RowDigester: AnyObject {
    var interrupt: Interrupt { get }

    /// The encoding in which the server holds text, as `UTF8`: hashes of text in another one mean something else.
    var encoding: String { get }

    /// The number of rows, without hashing anything.
    func count() throws(ConnectorError) -> Int

    /// The sums over all rows.
    func totals(_ scope: DigestScope) throws(ConnectorError) -> DigestTotals

    /// The sums over parts of the rows, by the last bits of their groups' hashes; parts without rows are left out.
    /// - Parameter bits: there are two to the power of these parts.
    func buckets(_ scope: DigestScope, bits: Int) throws(ConnectorError) -> [Int: DigestTotals]

    /// Begins to list the hashes of rows, in the order of group and hash.
    /// - Parameter buckets: only these of ``buckets(_:bits:)``; nil lists all.
    func beginHashes(_ scope: DigestScope, buckets: DigestBuckets?) throws(ConnectorError)

    /// The next piece of the list; empty at its end.
    func nextHashes() throws(ConnectorError) -> [RowHash]

    /// The rows of some groups, at most `limit`.
    func rows(_ scope: DigestScope, groups: [Int], limit: Int) throws(ConnectorError) -> [DigestedRow]

    /// Ends the session.
    func close()
}

/// How digests are made; both sides must be asked with the same.
package struct DigestScope: Sendable, Hashable {
    /// Only so many of a million groups; nil for all.
    package var sample: Int?
    /// Whether text is brought to UTF-8 before it is hashed, because one server holds it in another encoding.
    package var convertsText: Bool

    package init(sample: Int? = nil, convertsText: Bool = false) {
        self.sample = sample
        self.convertsText = convertsText
    }
}

/// Some of the parts that rows are divided into.
package struct DigestBuckets: Sendable, Hashable {
    package var bits: Int
    package var numbers: [Int]

    package init(bits: Int, numbers: [Int]) {
        self.bits = bits
        self.numbers = numbers
    }
}

/// Sums over rows.
package struct DigestTotals: Sendable, Hashable {
    package var rows: Int
    /// The sum of the rows' hashes.
    package var digest: String
    /// For each column the sum of its values' hashes; empty for parts of the rows.
    package var columns: [String]

    package init(rows: Int, digest: String, columns: [String] = []) {
        self.rows = rows
        self.digest = digest
        self.columns = columns
    }
}

/// The hashes of a row.
package struct RowHash: Sendable, Hashable, Comparable {
    package var group: Int
    package var row: Int

    package init(group: Int, row: Int) {
        self.group = group
        self.row = row
    }

    package static func < (left: RowHash, right: RowHash) -> Bool {
        (left.group, left.row) < (right.group, right.row)
    }
}

/// A row with its values as text.
package struct DigestedRow: Sendable, Hashable {
    package var hash: RowHash
    /// In the order of the columns; nil for null.
    package var values: [String?]

    package init(hash: RowHash, values: [String?]) {
        self.hash = hash
        self.values = values
    }
}
