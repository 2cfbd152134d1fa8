import Postgres

extension PostgresDestinationSession {
    func check() throws(ConnectorError) -> CheckReport {
        let schema = destination.rawSchema ?? destination.defaultNamespace
        let rights: QueryResult
        do {
            rights = try connection.query(
                """
                select has_database_privilege(current_database(), 'create') as database,
                  (select has_schema_privilege(oid, 'create') from pg_namespace where nspname = $1) as schema,
                  to_regnamespace('\(StreamStateStore.schema)') is not null as states, current_user,
                  current_setting('transaction_read_only') = 'on' as read_only, pg_is_in_recovery() as standby,
                  to_regnamespace(quote_ident($1)) is not null as has_schema
                """, [.string(schema)])
        } catch {
            throw ConnectorError(.destination, while: "checking the destination", error)
        }
        guard let row = rights.first else { return CheckReport(connection.product) }
        if row["read_only"]?.bool == true {
            let isStandby = row["standby"]?.bool == true
            throw ConnectorError(
                .permission, isStandby ? "the server is a standby and takes no writes" : "the session is read-only",
                hint: isStandby
                    ? "name the primary server" : "set default_transaction_read_only to off for the user or the database")
        }
        let mayCreate = row["database"]?.bool == true
        let mayWrite = row["schema"].flatMap { $0.isNull ? nil : $0.bool } ?? mayCreate
        guard mayWrite, mayCreate || row["states"]?.bool == true else {
            let user = quoteIdentifier(row["current_user"]?.string ?? "")
            let database = quoteIdentifier(destination.endpoint.options.database)
            throw ConnectorError(
                .permission, "\(user) may not create \(mayWrite ? "schemas" : "tables in the schema \(schema)")",
                hint: "grant create on \(mayWrite ? "database \(database)" : "schema \(quoteIdentifier(schema))") to \(user)")
        }
        let isNew = row["has_schema"]?.bool != true
        return CheckReport(
            "\(connection.product), schema \(schema)",
            remarks: isNew ? ["the schema \(schema) is not there yet; the first sync makes it"] : [])
    }
}
