/// A stream that a connection moves, and how.
package struct ConfiguredStream: Sendable, Hashable {
    package var name: String
    /// Nil takes the only stream of this name, whichever namespace it is in.
    package var namespace: String?
    package var syncMode: SyncMode
    /// The field that tells new rows from old in incremental modes.
    package var cursorField: String?
    /// Nil takes the source's own key.
    package var primaryKey: [String]?
    /// How far before the last cursor is read again.
    package var lookBack: LookBack?
    /// The fields to move; nil moves all.
    package var selectedFields: [String]?
    package var mappings: [StreamMapping] = []

    package init(
        name: String, namespace: String? = nil, syncMode: SyncMode = .fullRefreshOverwrite, cursorField: String? = nil,
        primaryKey: [String]? = nil, lookBack: LookBack? = nil, selectedFields: [String]? = nil,
        mappings: [StreamMapping] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.syncMode = syncMode
        self.cursorField = cursorField
        self.primaryKey = primaryKey
        self.lookBack = lookBack
        self.selectedFields = selectedFields
        self.mappings = mappings
    }
}
