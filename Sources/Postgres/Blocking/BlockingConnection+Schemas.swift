extension BlockingConnection {
    /// Creates a schema unless it is there. Outside of a transaction, which a race would end.
    ///
    /// `create schema if not exists` alone is not enough: it wants the right to create schemas also where the schema is there, and
    /// fails where another session creates it and commits at the same moment (see ``SQLState/mayBeThere``).
    /// - Throws: ``PostgresError``.
    package func createSchemaIfMissing(_ name: String) throws(PostgresError) {
        guard try query("select 1 from pg_catalog.pg_namespace where nspname = $1", [.string(name)]).isEmpty else { return }
        do {
            try execute("create schema if not exists \(quoteIdentifier(name))")
        } catch  where error.sqlState?.mayBeThere == true {
            return
        }
    }
}

extension SQLState {
    /// Whether what a `create ... if not exists` was to make was made by another session that was a moment faster: the server then
    /// finds it in an index of its catalog, or by its name.
    package var mayBeThere: Bool { self == .uniqueViolation || self == .duplicateSchema }
}
