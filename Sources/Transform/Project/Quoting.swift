import Documents

/// Which parts of a relation's name are put into double quotes.
package struct QuotePolicy: Sendable, Hashable {
    package var database: Bool
    package var schema: Bool
    package var identifier: Bool

    package init(database: Bool = true, schema: Bool = true, identifier: Bool = true) {
        self.database = database
        self.schema = schema
        self.identifier = identifier
    }

    /// This policy with what `values` says instead.
    func merging(_ values: JSON.Members?) -> QuotePolicy {
        guard let values else { return self }
        return QuotePolicy(
            database: values["database"]?.bool ?? database, schema: values["schema"]?.bool ?? schema,
            identifier: values["identifier"]?.bool ?? identifier)
    }
}
