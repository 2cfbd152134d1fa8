import Documents
import Orchestrate

/// Which of Airflow's stable REST APIs a client speaks. Both show the same things under mostly the same names.
///
/// Source: the OpenAPI documents of Airflow 2.6 (`/api/v1`) and 3 (`/api/v2`).
enum AirflowDialect: String, Sendable, CaseIterable {
    case v1, v2

    var prefix: String { "/api/\(rawValue)" }

    /// The version that clients are told, for some decide by it what to send.
    var version: String {
        switch self {
        case .v1: "2.6.3"
        case .v2: "3.0.6"
        }
    }

    /// How many items a list has when nobody says.
    var pageSize: Int {
        switch self {
        case .v1: 100
        case .v2: 50
        }
    }
}

extension RunState {
    /// Airflow knows no cancelled runs.
    var airflow: String { self == .cancelled ? RunState.failed.rawValue : rawValue }
}

extension TaskState {
    /// A task that waits has no state in Airflow. The client of the first API does not take null for it, but this word.
    func airflow(_ dialect: AirflowDialect) -> JSON { self == .none && dialect == .v2 ? .null : .string(rawValue) }
}

extension Timestamp {
    /// As Airflow writes it: `2026-11-23T01:30:00.000000+00:00`.
    var airflow: JSON {
        let text = description
        return .string(text.hasSuffix("Z") ? text.dropLast() + "+00:00" : text)
    }
}

extension Timestamp? {
    var airflow: JSON { self?.airflow ?? .null }
}

extension JSON {
    /// An object of members, in their order.
    static func members(_ members: [(String, JSON)]) -> JSON { .object(JSON.Members(members)) }

    static func string(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}
