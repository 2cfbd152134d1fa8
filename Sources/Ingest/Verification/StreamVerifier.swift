import Connectors
import Records

/// Compares one stream.
///
/// 1. Both servers sum up all rows and every column. Equal sums mean equal content, and that was all.
/// 2. Otherwise they sum up parts of the rows, and only the parts that differ are looked into:
/// 3. the hashes of their rows are listed in order and compared one by one, in constant memory,
/// 4. and the first few rows that differ are fetched.
struct StreamVerifier {
    let source: DigestSide
    let destination: DigestSide
    let request: DigestRequest
    let promise: SyncPromise
    let options: VerifyOptions

    /// Rows per part that is looked into, roughly.
    private static let bucketSize = 500

    /// Fills `result` with what is found.
    func verify(_ result: inout StreamVerification) async throws {
        let scope = try await scope()
        result.isSampled = scope.sample != nil
        let columns = request.columns.map(\.name)
        async let ofSource = source.ask { digester in try digester.totals(scope) }
        async let ofDestination = destination.ask { digester in try digester.totals(scope) }
        let (left, right) = try await (ofSource, ofDestination)
        result.sourceRows = left.rows
        result.destinationRows = right.rows
        result.columns = columns.count
        if left == right { return }
        let comparison = try await compare(scope, rows: max(left.rows, right.rows))
        result.differenceCount = comparison.count
        guard comparison.count > 0 else { return }
        result.differences = try await differences(comparison.differences, scope)
        let found = Set(result.differences.flatMap(\.changes).map(\.column))
        let summed = zip(columns, zip(left.columns, right.columns)).filter { $0.1.0 != $0.1.1 }.map(\.0)
        // Rows that only one side may have also change the sums.
        let sums = promise.allowsOthers || left.rows != right.rows ? [] : summed
        result.differingColumns = columns.filter { found.contains($0) || sums.contains($0) }
    }

    private func scope() async throws -> DigestScope {
        async let ofSource = source.ask { digester in digester.encoding }
        async let ofDestination = destination.ask { digester in digester.encoding }
        let encodings = try await [ofSource, ofDestination]
        var scope = DigestScope(convertsText: encodings.contains { $0 != "UTF8" } && Set(encodings).count > 1)
        if let sample = options.sample {
            let rows = try await source.ask { digester in try digester.count() }
            if sample < rows { scope.sample = max(1, Int(Double(sample) / Double(rows) * 1_048_576)) }
        }
        return scope
    }

    private func compare(_ scope: DigestScope, rows: Int) async throws -> HashComparison {
        let buckets = try await differingBuckets(scope, rows: rows)
        var comparison = HashComparison(
            allowsOthers: promise.allowsOthers, hasKey: !request.key.isEmpty, limit: options.shownRows)
        guard !buckets.numbers.isEmpty else { return comparison }
        async let ofSource: Void = source.ask { digester in try digester.beginHashes(scope, buckets: buckets) }
        async let ofDestination: Void = destination.ask { digester in try digester.beginHashes(scope, buckets: buckets) }
        _ = try await (ofSource, ofDestination)
        var left = GroupReader(source)
        var right = GroupReader(destination)
        while true {
            let groups = [try await left.peek(), try await right.peek()].compactMap(\.self)
            guard let group = groups.min() else { return comparison }
            comparison.compare(group: group, source: try await left.take(group), destination: try await right.take(group))
        }
    }

    private func differingBuckets(_ scope: DigestScope, rows: Int) async throws -> DigestBuckets {
        var bits = 4
        while bits < 14, rows >> bits > Self.bucketSize { bits += 1 }
        let count = bits
        async let ofSource = source.ask { digester in try digester.buckets(scope, bits: count) }
        async let ofDestination = destination.ask { digester in try digester.buckets(scope, bits: count) }
        let (left, right) = try await (ofSource, ofDestination)
        let numbers = Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }
        return DigestBuckets(bits: bits, numbers: numbers.sorted())
    }
}
