import Documents

/// Writes streams into the tables of a Postgres database, laid out as Airbyte's direct-load tables.
package struct PostgresDestination: Destination {
    package static let spec = ConnectorSpec(
        name: "postgres", role: .destination, title: "Postgres",
        aliases: ["destination-postgres", "airbyte/destination-postgres", "postgres-destination", "postgresql"],
        fields: PostgresEndpoint.fields + [
            ConfigField(
                "schema", .string, "the schema for streams that are not given another", defaultValue: "public",
                otherNames: ["schemas", "default_schema", "namespace"]),
            ConfigField(
                "drop_cascade", .boolean,
                "drop views that a changed table can no longer carry, instead of stopping", defaultValue: false),
            ConfigField(
                "disable_type_dedupe", .boolean,
                "write raw tables only: each record is a document, and nothing is deduplicated", defaultValue: false,
                otherNames: ["raw_tables", "legacy_raw_tables_only"]),
            ConfigField("raw_data_schema", .string, "the schema of raw tables", defaultValue: "airbyte_internal"),
        ]
            + ["unconstrained_number", "cdc_deletion_mode"].map { name in
                ConfigField(name, .ignored, "taken for configurations of Airbyte; has no meaning here")
            })

    package let endpoint: PostgresEndpoint
    package let defaultNamespace: String
    package let dropsDependents: Bool
    /// The schema of raw tables; nil where streams become tables with their columns.
    let rawSchema: String?

    package init(_ configuration: Configuration) throws(ConnectorError) {
        endpoint = try PostgresEndpoint(configuration)
        defaultNamespace = configuration.string("schema")
        dropsDependents = configuration.bool("drop_cascade")
        rawSchema = configuration.bool("disable_type_dedupe") ? configuration.string("raw_data_schema") : nil
    }

    package func place(of table: TableName) -> TableName {
        guard let rawSchema else { return table }
        let raw = RawTable.name(of: table, in: rawSchema)
        return TableName(schema: raw.schema, name: raw.name.fittedName)
    }

    package func openSession(_ options: SessionOptions) throws(ConnectorError) -> any DestinationSession {
        PostgresDestinationSession(self, options, try endpoint.connect(options, as: "destination"))
    }
}
