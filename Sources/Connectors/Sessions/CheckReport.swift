/// What a successful check of a source or a destination found.
package struct CheckReport: Sendable, Hashable {
    /// What answered: `PostgreSQL 15.4, 12 streams`.
    package var summary: String
    /// What is not wrong but may surprise.
    package var remarks: [String]

    package init(_ summary: String, remarks: [String] = []) {
        self.summary = summary
        self.remarks = remarks
    }
}
