/// Does the same with many things on all cores.
enum Parallel {
    /// As `items.map(body)`; chunks of the given size run at the same time.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], chunk: Int, _ body: @escaping @Sendable (Item) throws -> Result
    ) async throws -> [Result] {
        try await mapChunks(items, chunk: chunk) { try $0.map(body) }
    }

    /// The results of all chunks, in their order.
    static func mapChunks<Item: Sendable, Result: Sendable>(
        _ items: [Item], chunk size: Int, _ body: @escaping @Sendable (ArraySlice<Item>) throws -> [Result]
    ) async throws -> [Result] {
        if items.count <= size { return try body(items[...]) }
        return try await withThrowingTaskGroup(of: (Int, [Result]).self) { group in
            for start in stride(from: 0, to: items.count, by: size) {
                let chunk = items[start..<min(start + size, items.count)]
                group.addTask { @concurrent in (start, try body(chunk)) }
            }
            var parts: [(Int, [Result])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
