import Foundation

/// The rows that `marts.project_engagement` of the example must have, computed from its two CSV files without SQL, Jinja
/// or any code of Leat's.
///
/// Values are in Postgres's text output form (`t`, `12000.00`, `2021-06-29`), null is nil, rows are in the order of
/// (project_id, engagement_id): what `select * from marts.project_engagement order by 1, 2` gives as text. Compare the
/// UTF-8 of values, since `==` on strings takes an accented letter and its decomposed form for equal.
struct ExpectedProjectEngagement {
    /// The table's columns in order.
    let columns: [String]

    /// The table's rows; each has as many values as there are columns.
    let rows: [[String?]]

    /// - Throws: ``ExpectedDataError`` where the data holds what the example has no rule for.
    init(engagements: URL, projects: URL) throws {
        let projectRows = try ExpectedCSV(contentsOf: projects).rows
        let projectsByID = Dictionary(grouping: projectRows) { $0["project_id"] }

        columns = (Self.engagementColumns + Self.projectColumns).map(\.name)
        rows = try Self.distinct(ExpectedCSV(contentsOf: engagements).rows).map { engagement in
            let matches = projectsByID[engagement["project_id"]] ?? []
            guard matches.count <= 1 else { throw ExpectedDataError("a project has \(matches.count) rows") }
            return try Self.engagementColumns.map { try $0.value(in: engagement) }
                + Self.projectColumns.map { try $0.value(in: matches.first ?? [:]) }
        }
    }

    /// One row per project and engagement, in their order. Doubled rows must be equal: nothing says which of them to keep.
    private static func distinct(_ rows: [[String: String]]) throws -> [[String: String]] {
        var rowsByKey: [String: [String: String]] = [:]
        for row in rows {
            guard let project = row["project_id"], let engagement = row["engagement_id"] else {
                throw ExpectedDataError("an engagement has no key")
            }
            let key = "\(project) \(engagement)"
            guard rowsByKey[key] == nil || rowsByKey[key] == row else {
                throw ExpectedDataError("the rows of \(key) differ")
            }
            rowsByKey[key] = row
        }
        return rowsByKey.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension ExpectedProjectEngagement {
    /// A column of the result: its name, the CSV's column that it comes from, and how it is cleaned.
    private struct Column {
        let name: String
        let source: String
        let clean: (String) throws -> String

        init(_ name: String, from source: String? = nil, _ clean: @escaping (String) throws -> String = { $0 }) {
            self.name = name
            self.source = source ?? name
            self.clean = clean
        }

        func value(in row: [String: String]) throws -> String? {
            try row[source].map(clean)
        }
    }

    private static func category(_ categories: String...) -> (String) throws -> String {
        { try ExpectedValue.category($0, of: categories) }
    }

    private static func decimal(_ scale: Int) -> (String) throws -> String {
        { try ExpectedValue.decimal($0, scale: scale) }
    }

    private static var engagementColumns: [Column] {
        let service = category("Consulting", "Design", "Development", "Support")
        let subService = category("Backend", "Frontend", "UX/UI", "Customer Service", "Strategy")
        return [
            Column("project_id"),
            Column("engagement_id"),
            Column("project_reference_id", from: "project_ref"),
            Column("customer_id", ExpectedValue.integer),
            Column("engagement_reference"),
            Column("customer_name", ExpectedValue.customerName),
            Column("employee_count", ExpectedValue.integer),
            Column("engagement_date", ExpectedValue.date),
            Column("engagement_type", category("Recurring", "One-time", "New")),
            Column("service", service),
            Column("sub_service", subService),
            Column("service_type", service),
            Column("detailed_sub_service", subService),
            Column("comments"),
            Column("revenue", ExpectedValue.money),
            Column("revenue_usd", ExpectedValue.money),
            Column("client_revenue", ExpectedValue.money),
        ]
    }

    private static var projectColumns: [Column] {
        [
            Column("dim_project_id", from: "id"),
            Column("project_name", from: "name"),
            Column("project_status", from: "status"),
            Column("project_folder", from: "folder"),
            Column("project_description", from: "description"),
            Column("project_internal_description", from: "internal_description"),
            Column("project_customer_id", from: "customer_id", ExpectedValue.integer),
            Column("project_service_id", ExpectedValue.integer),
            Column("project_service", from: "service"),
            Column("project_sub_service", from: "sub_service"),
            Column("product_id", ExpectedValue.integer),
            Column("product"),
            Column("project_quality", from: "quality"),
            Column("project_timezone", from: "timezone"),
            Column("project_source_app", from: "source_app"),
            Column("is_project_ai_enabled", ExpectedValue.boolean),
            Column("is_submitted_from_internal", ExpectedValue.boolean),
            Column("is_created_with_deliverables", ExpectedValue.boolean),
            Column("staffing_version"),
            Column("team_id"),
            Column("team"),
            Column("team_type"),
            Column("cpm_id"),
            Column("dim_cpm_id"),
            Column("cpm"),
            Column("project_rate", from: "rate", decimal(2)),
            Column("project_discount", from: "discount", decimal(4)),
            Column("min_estimate", ExpectedValue.integer),
            Column("max_estimate", ExpectedValue.integer),
            Column("sp_estimate", decimal(1)),
            Column("pm_estimate", decimal(1)),
            Column("ad_estimate", decimal(1)),
            Column("project_delivery", from: "delivery"),
            Column("is_critical_delivery", ExpectedValue.boolean),
            Column("is_critical_delivery_success", ExpectedValue.boolean),
            Column("date_project_created"),
            Column("date_project_submitted"),
            Column("date_project_deadline"),
            Column("date_project_grabbed"),
            Column("date_project_started"),
            Column("date_project_ended"),
            Column("date_project_updated"),
        ]
    }
}
