import Diagnostics
package import Documents

/// The connectors that are built in, by name.
package struct ConnectorRegistry: Sendable {
    package typealias MakeSource = @Sendable (Configuration) throws(ConnectorError) -> any Source
    package typealias MakeDestination = @Sendable (Configuration) throws(ConnectorError) -> any Destination

    private var sources: [(spec: ConnectorSpec, make: MakeSource)] = []
    private var destinations: [(spec: ConnectorSpec, make: MakeDestination)] = []

    package static let builtIn: ConnectorRegistry = {
        var registry = ConnectorRegistry()
        registry.register(PostgresSource.spec) { configuration throws(ConnectorError) in try PostgresSource(configuration) }
        registry.register(PostgresDestination.spec) { configuration throws(ConnectorError) in
            try PostgresDestination(configuration)
        }
        return registry
    }()

    package init() {}

    package mutating func register(_ spec: ConnectorSpec, source make: @escaping MakeSource) {
        sources.append((spec, make))
    }

    package mutating func register(_ spec: ConnectorSpec, destination make: @escaping MakeDestination) {
        destinations.append((spec, make))
    }

    /// All that is built in.
    package var specs: [ConnectorSpec] { sources.map(\.spec) + destinations.map(\.spec) }

    /// The connectors that answer to `name`, or all.
    /// - Throws: ``ConnectorError`` where none does.
    package func specs(named name: String?) throws(ConnectorError) -> [ConnectorSpec] {
        guard let name else { return specs }
        let found = specs.filter { $0.answers(to: name) }
        guard found.isEmpty else { return found }
        let names = specs.map(\.name)
        throw ConnectorError(
            .unknownConnector, "no connector '\(name)' is built in",
            hint: Suggestion.hint(for: name, in: names) ?? "built in are \(Set(names).sorted().joined(separator: ", "))")
    }

    /// Makes the source that the user calls `name`.
    ///
    /// Does not connect.
    /// - Parameter reference: `postgres`, or Airbyte's `source-postgres`, `airbyte/source-postgres`; or a program.
    /// - Throws: ``ConnectorError`` for an unknown connector or a wrong configuration.
    package func source(
        named name: String, connector reference: ConnectorReference, config: JSON
    ) throws(ConnectorError) -> any Source {
        let owner = "source '\(name)'"
        let connector: String
        switch reference {
        case .builtIn(let name): connector = name
        case .command(let words, let folder):
            return ExternalSource(owner: owner, name: name, command: words, folder: folder, config: config)
        case .image(let image): throw Self.noEngine(owner, image)
        }
        guard let (spec, make) = sources.first(where: { $0.spec.answers(to: connector) }) else {
            throw unknown(connector, owner: owner, in: sources.map(\.spec))
        }
        return try make(try Configuration(config, spec: spec, owner: owner))
    }

    /// Makes the destination that the user calls `name`. As ``source(named:connector:config:)``.
    package func destination(
        named name: String, connector reference: ConnectorReference, config: JSON
    ) throws(ConnectorError) -> any Destination {
        let owner = "destination '\(name)'"
        let connector: String
        switch reference {
        case .builtIn(let name): connector = name
        case .command:
            throw ConnectorError(
                .unsupported, "\(owner) is a program of its own; only sources may be that yet",
                hint: "built in are \(destinations.map(\.spec.name).joined(separator: ", "))")
        case .image(let image): throw Self.noEngine(owner, image)
        }
        guard let (spec, make) = destinations.first(where: { $0.spec.answers(to: connector) }) else {
            throw unknown(connector, owner: owner, in: destinations.map(\.spec))
        }
        return try make(try Configuration(config, spec: spec, owner: owner))
    }

    private static func noEngine(_ owner: String, _ image: String) -> ConnectorError {
        ConnectorError(
            .unsupported, "\(owner) is the image '\(image)', and this version of Leat starts no containers",
            hint:
                "install the connector on this machine (many are on PyPI as airbyte-source-...) and name its program: connector: {exec: [source-...]}"
        )
    }

    private func unknown(_ connector: String, owner: String, in specs: [ConnectorSpec]) -> ConnectorError {
        let names = specs.map(\.name)
        return ConnectorError(
            .unknownConnector, "\(owner) has the connector '\(connector)', which is not built in",
            hint: Suggestion.hint(for: connector, in: names) ?? "built in are \(names.joined(separator: ", "))")
    }
}

extension ConnectorSpec {
    /// Whether `connector` is a name of this one; an image's tag does not count.
    func answers(to connector: String) -> Bool {
        let base = connector.split(separator: ":", maxSplits: 1).first.map(String.init) ?? connector
        return base == name || aliases.contains(base)
    }
}
