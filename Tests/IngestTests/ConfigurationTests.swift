import Connectors
import Diagnostics
import Documents
import Postgres
import Testing

@Suite("Connector configurations")
struct ConfigurationTests {
    private let valid: JSON = ["host": "h", "database": "d", "username": "u", "password": "secret"]

    @Test(
        "what is wrong with a field is said by its name",
        arguments: [
            (["hostt": "x"] as JSON, "unknown field 'hostt'", "did you mean 'host'?"),
            (["user": "x"], "unknown field 'user'", "did you mean 'username'?"),
            (["port": "many"], "field 'port' must be a whole number, not \"many\"", nil),
            (["port": 70000], "field 'port' must be from 1 to 65535, not 70000", nil),
            (["host": nil], "field 'host' is missing", "it is the server's name or address, or the folder of its socket"),
            (["schemas": [1]], "field 'schemas' must be a list of strings, not [1]", nil),
            (["password": ["a"]], "field 'password' must be a string", nil),
            (["ssl_mode": ["mode": "requir"]], "field 'ssl_mode.mode' must be one of", "did you mean 'require'?"),
            (["ssl_mode": "none"], "field 'ssl_mode.mode' must be one of", nil),
            (["tunnel_method": ["tunnel_method": "SSH"]], "must be one of NO_TUNNEL, SSH_KEY_AUTH", nil),
        ] as [(JSON, String, String?)])
    func wrongFields(change: JSON, message: String, hint: String?) throws {
        let error = #expect(throws: ConnectorError.self) {
            try ConnectorRegistry.builtIn.source(named: "clients", connector: "postgres", config: valid.merging(change))
        }
        let text = try #require(error).description
        #expect(text.contains("config of source 'clients': "))
        #expect(text.contains(message))
        if let hint { #expect(error?.hint == hint) }
        #expect(!text.contains("secret"))
    }

    @Test("what a template makes of numbers and booleans is taken; short forms too")
    func lenient() throws {
        let config = valid.merging(["port": "5460", "schemas": "crm", "ssl_mode": "disable", "password": 1234])
        let source = try ConnectorRegistry.builtIn.source(named: "s", connector: "postgres", config: config)
        let postgres = try #require(source as? PostgresSource)
        #expect(postgres.endpoint.options.port == 5460)
        #expect(postgres.endpoint.options.password == "1234")
        #expect(postgres.endpoint.options.sslMode == .disable)
        #expect(postgres.schemas == ["crm"])
    }

    @Test("certificates given as text reach the driver as files, which are gone afterwards")
    func certificates() throws {
        let text = "-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n"
        let config = valid.merging([
            "host": "127.0.0.1", "port": 1, "ssl_mode": ["mode": "verify-ca", "ca_certificate": .string(text)],
        ])
        let source = try ConnectorRegistry.builtIn.source(named: "s", connector: "postgres", config: config)
        let postgres = try #require(source as? PostgresSource)
        #expect(postgres.endpoint.options.sslMode == .verifyCA)
        #expect(throws: ConnectorError.self) { try postgres.openSession(SessionOptions()) }
    }

    @Test("an unknown connector is named with the nearest")
    func unknownConnector() {
        let error = #expect(throws: ConnectorError.self) {
            try ConnectorRegistry.builtIn.destination(named: "w", connector: "postgress", config: valid)
        }
        #expect(error?.message == "destination 'w' has the connector 'postgress', which is not built in")
        #expect(error?.hint == "did you mean 'postgres'?")
    }

    @Test("the specification is a JSON Schema that hides secrets")
    func specification() {
        let schema = PostgresSource.spec.connectionSpecification
        #expect(schema["required"] == ["host", "database", "username"])
        #expect(schema["properties"]?["password"]?["airbyte_secret"] == true)
        #expect(schema["properties"]?["port"]?["default"] == 5432)
    }
}
