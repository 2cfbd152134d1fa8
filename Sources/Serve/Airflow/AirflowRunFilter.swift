import Documents
import HTTPTypes
import Orchestrate

/// Which runs a list of Airflow's API is to have, in which order: states, kinds, spans of time.
enum AirflowRunFilter {
    /// The names of the times in queries, and what they mean.
    private static let times: [(name: String, moment: RunQuery.Moment)] = [
        ("logical_date", .logicalDate), ("execution_date", .logicalDate), ("run_after", .dueAt), ("start_date", .startedAt),
        ("end_date", .finishedAt), ("updated_at", .changedAt),
    ]

    /// The fields that lists can be sorted by.
    private static let keys: [String: RunQuery.Key] = [
        "dag_run_id": .name, "run_id": .name, "dag_id": .pipeline, "state": .state, "run_type": .kind, "duration": .duration,
        "queued_at": .moment(.queuedAt),
    ].merging(times.map { ($0.name, .moment($0.moment)) }) { own, _ in own }

    /// The query of a request for a list: by default the oldest first, as Airflow has them.
    /// - Throws: `Problem` 400 for a time that is none, or an unknown order.
    static func query(_ fields: FormFields, _ list: AirflowList) throws -> RunQuery {
        try query(
            states: fields.all("state"), kinds: fields.all("run_type"), order: list.order,
            limit: list.limit == 0 ? AirflowList.maximum : list.limit, offset: list.offset
        ) { fields[$0].map { .string($0) } }
    }

    /// The query of a document that asks for a list.
    /// - Throws: `Problem` 400 for a time that is none, or an unknown order.
    static func query(_ body: JSON, _ dialect: AirflowDialect) throws -> RunQuery {
        let limit = min(max(body["page_limit"]?.int ?? dialect.pageSize, 0), AirflowList.maximum)
        return try query(
            states: (body["states"]?.array ?? []).compactMap(\.string), kinds: [], order: body["order_by"]?.string, limit: limit,
            offset: max(body["page_offset"]?.int ?? 0, 0)
        ) { body[$0] }
    }

    private static func query(
        states: [String], kinds: [String], order: String?, limit: Int, offset: Int, _ value: (String) -> JSON?
    ) throws -> RunQuery {
        var query = RunQuery()
        if !states.isEmpty { query.states = Set(RunState.allCases.filter { states.contains($0.airflow) }) }
        if !kinds.isEmpty { query.kinds = Set(RunKind.allCases.filter { kinds.contains($0.rawValue) }) }
        for (name, time) in times {
            let first = try moment(value(name + "_gte"), name + "_gte")
            let last = try moment(value(name + "_lte"), name + "_lte")
            if first != nil || last != nil { query.spans.append(RunQuery.Span(time, from: first, to: last)) }
        }
        let order = order ?? ""
        query.isDescending = order.hasPrefix("-")
        let field = query.isDescending ? String(order.dropFirst()) : order
        if !field.isEmpty {
            guard let key = keys[field] else {
                throw Problem(
                    .badRequest, "runs cannot be sorted by '\(field)'",
                    hint: "by one of \(keys.keys.sorted().joined(separator: ", "))")
            }
            query.key = key
        }
        (query.limit, query.offset) = (limit, offset)
        return query
    }

    /// A time of a query or a document; nil where there is none.
    /// - Throws: `Problem` 400.
    static func moment(_ value: JSON?, _ name: String) throws -> Timestamp? {
        guard let value, !value.isNull else { return nil }
        // A + of a zone that was not encoded reaches us as a space.
        guard let text = value.string?.replacing(" ", with: "+"), let moment = try? Timestamp(parsing: text) else {
            throw Problem(.badRequest, "\(name) is no time", hint: "write it as 2026-11-23T06:00:00Z")
        }
        return moment
    }
}
