/// The statements that digest a table.
struct PostgresDigestStatements {
    /// What stands after `from`; its rows are called `t`.
    var relation: String
    var filter: String?
    /// For each column the SQL of its value as text.
    var values: [String]
    /// The places of the key's columns in ``values``; empty without a key.
    var key: [Int]

    var count: String { "select count(*) from \(relation)\(filter.map { " where \($0)" } ?? "")" }

    func totals(_ scope: DigestScope) -> String {
        let sums = values.indices.map { ", coalesce(sum(h\($0)), 0)::text" }.joined()
        return "select count(*), coalesce(sum(h), 0)::text\(sums) from \(hashed(scope))"
    }

    func buckets(_ scope: DigestScope, bits: Int) -> String {
        "select (g & \(1 << bits - 1))::int, count(*), sum(h)::text from \(hashed(scope)) group by 1"
    }

    func hashes(_ scope: DigestScope, buckets: DigestBuckets?) -> String {
        let condition = buckets.map { buckets in
            " where (g & \(1 << buckets.bits - 1)) = any('{\(buckets.numbers.map(String.init).joined(separator: ","))}'::bigint[])"
        }
        return "select g, h from \(hashed(scope))\(condition ?? "") order by g, h"
    }

    func rows(_ scope: DigestScope, groups: [Int], limit: Int) -> String {
        let shown = values.indices.map { ", v[\($0 + 1)]" }.joined()
        let list = groups.map(String.init).joined(separator: ",")
        return """
            select g, h\(shown) from \(hashed(scope, withValues: true))
            where g = any('{\(list)}'::bigint[]) order by g, h limit \(limit)
            """
    }

    /// The rows' hashes: `g` of the group, `h` of the row, `h0`, `h1`, ... of the columns or, in their place, `v`, the values.
    private func hashed(_ scope: DigestScope, withValues: Bool = false) -> String {
        let hashes = values.map { hash($0, scope) }
        // A row whose key has a null is known by itself only.
        let isUnknown = key.map { "\(values[$0]) is null" }.joined(separator: " or ")
        let group =
            key.isEmpty ? "null::bigint" : "case when \(isUnknown) then null else \(combined(key.map { hashes[$0] })) end"
        var conditions = [filter].compactMap(\.self)
        if let sample = scope.sample, !key.isEmpty { conditions.append(sampled(group, sample)) }
        let condition = conditions.isEmpty ? "" : " where \(conditions.joined(separator: " and "))"
        let columns =
            withValues
            ? "array[\(hashes.joined(separator: ", "))]::bigint[] as hs, array[\(values.joined(separator: ", "))]::text[] as v"
            : hashes.enumerated().map { "\($1) as h\($0)" }.joined(separator: ", ")
        let row = withValues ? Self.combined("hs") : combined(values.indices.map { "h\($0)" })
        let kept = withValues ? "v" : values.indices.map { "h\($0)" }.joined(separator: ", ")
        // `offset 0` keeps the server from computing a hash again wherever it is named.
        let hashed = """
            (select coalesce(g, \(row)), \(row), \(kept)
            from (select \(group), \(columns) from \(relation)\(condition) offset 0) \
            as hashed(g, \(withValues ? "hs, v" : kept)) offset 0) as digested(g, h, \(kept))
            """
        guard let sample = scope.sample, key.isEmpty else { return hashed }
        return "(select * from \(hashed) where \(sampled("g", sample))) as sampled"
    }

    private func hash(_ value: String, _ scope: DigestScope) -> String {
        scope.convertsText
            ? "hashtextextended(encode(convert_to(\(value), 'UTF8'), 'hex') collate \"C\", 0)"
            : "hashtextextended(\(value) collate \"C\", 0)"
    }

    private func combined(_ hashes: [String]) -> String {
        Self.combined("array[\(hashes.joined(separator: ", "))]::bigint[]")
    }

    /// Of the text: `hashint8extended` folds its argument to 32 bits before it hashes, so that of 100,000 rows some would be
    /// taken for others, and `hash_array_extended` does so with each element.
    private static func combined(_ array: String) -> String { "hashtextextended(\(array)::text collate \"C\", 0)" }

    /// Other bits than those that tell buckets apart.
    private func sampled(_ group: String, _ sample: Int) -> String { "((\(group) >> 40) & 1048575) < \(sample)" }
}
