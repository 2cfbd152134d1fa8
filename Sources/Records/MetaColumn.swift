/// The columns that stand beside the data in a destination's table, as Airbyte's direct-load tables have them.
package enum MetaColumn: String, Sendable, Hashable, CaseIterable {
    /// A UUID that no other row has.
    case rawID = "_airbyte_raw_id"
    /// When the row was read from the source.
    case extractedAt = "_airbyte_extracted_at"
    /// A JSON object: which sync, and which values had to be changed on the way.
    case meta = "_airbyte_meta"
    /// The refresh that the row belongs to.
    case generationID = "_airbyte_generation_id"

    package var name: String { rawValue }

    /// The type in Postgres.
    package var postgresType: String {
        switch self {
        case .rawID: "character varying"
        case .extractedAt: "timestamp with time zone"
        case .meta: "jsonb"
        case .generationID: "bigint"
        }
    }

    /// The columns that differ from row to row where no value has to be changed on the way.
    package static let varying: [MetaColumn] = [.rawID, .extractedAt]

    /// What ``meta`` holds for a row in which nothing was changed.
    package static func document(syncID: Int) -> String { "{\"sync_id\":\(syncID),\"changes\":[]}" }

    package static let names = Set(allCases.map(\.rawValue))
}
