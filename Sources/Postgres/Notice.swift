/// What the server says beside results: `raise notice`, "relation exists, skipping".
package struct Notice: Sendable, Hashable {
    /// `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`, not translated.
    package var severity: String
    package var message: String
    package var detail: String?
    package var hint: String?
    package var sqlState: SQLState?

    package init(severity: String, message: String, detail: String? = nil, hint: String? = nil, sqlState: SQLState? = nil) {
        self.severity = severity
        self.message = message
        self.detail = detail
        self.hint = hint
        self.sqlState = sqlState
    }
}
