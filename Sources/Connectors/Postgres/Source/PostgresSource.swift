import Documents

/// Reads the tables and views of a Postgres database.
package struct PostgresSource: Source {
    package static let spec = ConnectorSpec(
        name: "postgres", role: .source, title: "Postgres",
        aliases: ["source-postgres", "airbyte/source-postgres", "postgres-source", "postgresql"],
        fields: PostgresEndpoint.fields + [
            ConfigField(
                "schemas", .strings, "the schemas to read", defaultValue: ["public"], otherNames: ["schema", "namespaces"]),
            ConfigField(
                "replication_method",
                .object(
                    [ConfigField("method", .choice(["Standard"]), "Standard: by a cursor column or whole", isRequired: true)],
                    shortForm: "method"),
                "how changes are found"),
        ])

    package let endpoint: PostgresEndpoint
    /// The schemas that streams are looked for in.
    package let schemas: [String]

    package init(_ configuration: Configuration) throws(ConnectorError) {
        endpoint = try PostgresEndpoint(configuration)
        schemas = configuration.strings("schemas")
    }

    package func openSession(_ options: SessionOptions) throws(ConnectorError) -> any SourceSession {
        PostgresSourceSession(try endpoint.connect(options, as: "source"), schemas: schemas)
    }
}
