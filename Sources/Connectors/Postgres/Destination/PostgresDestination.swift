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
        ]
            + ["raw_data_schema", "disable_type_dedupe", "unconstrained_number", "cdc_deletion_mode"].map { name in
                ConfigField(name, .ignored, "taken for configurations of Airbyte; has no meaning here")
            })

    package let endpoint: PostgresEndpoint
    package let defaultNamespace: String
    package let dropsDependents: Bool

    package init(_ configuration: Configuration) throws(ConnectorError) {
        endpoint = try PostgresEndpoint(configuration)
        defaultNamespace = configuration.string("schema")
        dropsDependents = configuration.bool("drop_cascade")
    }

    package func openSession(_ options: SessionOptions) throws(ConnectorError) -> any DestinationSession {
        PostgresDestinationSession(self, options, try endpoint.connect(options, as: "destination"))
    }
}
