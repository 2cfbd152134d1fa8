import Connectors

/// Reads a side's list of hashes, one group after the other.
struct GroupReader {
    private let side: DigestSide
    private var page: [RowHash] = []
    private var place = 0
    private var hasEnded = false

    init(_ side: DigestSide) { self.side = side }

    /// The group to be read next; nil at the end.
    mutating func peek() async throws -> Int? {
        if place == page.count { try await turn() }
        return place < page.count ? page[place].group : nil
    }

    /// The hashes of all rows of a group.
    mutating func take(_ group: Int) async throws -> [Int] {
        var rows: [Int] = []
        while try await peek() == group {
            rows.append(page[place].row)
            place += 1
        }
        return rows
    }

    private mutating func turn() async throws {
        guard !hasEnded else { return }
        page = try await side.ask { digester in try digester.nextHashes() }
        place = 0
        hasEnded = page.isEmpty
    }
}
