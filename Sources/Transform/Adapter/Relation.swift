/// A table or view (or a place for one) in the warehouse, and how SQL names it.
package struct Relation: Sendable {
    package var database: String?
    package var schema: String?
    package var identifier: String?
    package var type: RelationType?
    package var quoting = QuotePolicy()
    /// Which parts of the name are written.
    package var included = QuotePolicy()
    /// Rows to leave out: `limit 0` for `--empty`.
    package var limit: Int?
    /// The rows to keep: those that happened in a window of time.
    var eventFilter: EventFilter?

    package init(
        database: String?, schema: String?, identifier: String?, type: RelationType? = nil, quoting: QuotePolicy = .init()
    ) {
        self.database = database
        self.schema = schema
        self.identifier = identifier
        self.type = type
        self.quoting = quoting
    }

    /// `"warehouse"."marts"."orders"`.
    package var rendered: String {
        var name = renderedName
        if let condition = eventFilter?.condition, !condition.isEmpty {
            name = "(select * from \(name) where \(condition)) _dbt_et_filter_subq" + (identifier.map { "_" + $0 } ?? "")
        }
        guard let limit else { return name }
        let alias = "_dbt_limit_subq" + (identifier.map { "_" + $0 } ?? "")
        return limit == 0
            ? "(select * from \(name) where false limit 0) \(alias)" : "(select * from \(name) limit \(limit)) \(alias)"
    }

    private var renderedName: String {
        var parts: [String] = []
        func add(_ part: String?, _ isIncluded: Bool, _ isQuoted: Bool) {
            guard isIncluded, let part else { return }
            parts.append(isQuoted ? Self.quoted(part) : part)
        }
        // What only the statement knows has no place in a schema.
        if type == .cte || type == .ephemeral {
            return identifier ?? ""
        }
        add(database, included.database, quoting.database)
        add(schema, included.schema, quoting.schema)
        add(identifier, included.identifier, quoting.identifier)
        return parts.joined(separator: ".")
    }

    /// PostgreSQL cuts longer names off.
    package static let maximumNameLength = 63

    /// The common table expression that stands for an ephemeral model.
    package static func ephemeralName(_ identifier: String) -> String { "__dbt__cte__" + identifier }

    static func quoted(_ part: String) -> String { "\"" + part + "\"" }

    /// By the names alone, case aside where they are not quoted.
    func isSamePlace(as other: Relation) -> Bool {
        database?.lowercased() == other.database?.lowercased() && schema?.lowercased() == other.schema?.lowercased()
            && identifier?.lowercased() == other.identifier?.lowercased()
    }
}

/// What kind of thing a relation is, under dbt's names.
package struct RelationType: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let table = RelationType(rawValue: "table")
    package static let view = RelationType(rawValue: "view")
    package static let cte = RelationType(rawValue: "cte")
    package static let ephemeral = RelationType(rawValue: "ephemeral")
    package static let materializedView = RelationType(rawValue: "materialized_view")
    package static let external = RelationType(rawValue: "external")
    package static let function = RelationType(rawValue: "function")

    static let all: [RelationType] = [.table, .view, .cte, .materializedView, .ephemeral, .external, .function]
}
