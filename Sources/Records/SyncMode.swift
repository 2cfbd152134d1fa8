import Diagnostics

/// How a stream is read and how what was read is written, by Airbyte's names.
package enum SyncMode: String, Sendable, Hashable, CaseIterable {
    /// Everything is read; the table then holds just that.
    case fullRefreshOverwrite = "full_refresh_overwrite"
    /// Everything is read and added to what is there.
    case fullRefreshAppend = "full_refresh_append"
    /// As overwrite, with one row per primary key.
    case fullRefreshOverwriteDeduped = "full_refresh_overwrite_deduped"
    /// What is new since the last sync, by the cursor field, is added.
    case incrementalAppend = "incremental_append"
    /// What is new takes the place of the row with the same primary key.
    case incrementalAppendDeduped = "incremental_append_deduped"

    /// Only what is new since the last sync is read.
    package var isIncremental: Bool { self == .incrementalAppend || self == .incrementalAppendDeduped }
    /// The table holds one row per primary key.
    package var isDeduplicated: Bool { self == .fullRefreshOverwriteDeduped || self == .incrementalAppendDeduped }
    /// What was in the table goes.
    package var replacesTable: Bool { self == .fullRefreshOverwrite || self == .fullRefreshOverwriteDeduped }

    /// What to tell somebody whose mode is none of these.
    package static func hint(for name: String) -> String {
        let names = allCases.map(\.rawValue)
        return Suggestion.hint(for: name, in: names) ?? "sync modes are \(names.joined(separator: ", "))"
    }
}
