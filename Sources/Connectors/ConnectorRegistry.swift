import Diagnostics
package import Documents

/// The connectors that are built in, by name.
package struct ConnectorRegistry: Sendable {
    /// The folder is where relative paths begin; nil for the one where Leat was started.
    package typealias MakeSource = @Sendable (Configuration, _ folder: String?) throws(ConnectorError) -> any Source
    package typealias MakeDestination = @Sendable (Configuration) throws(ConnectorError) -> any Destination

    private var sources: [(spec: ConnectorSpec, make: MakeSource)] = []
    private var destinations: [(spec: ConnectorSpec, make: MakeDestination)] = []

    package static let builtIn: ConnectorRegistry = {
        var registry = ConnectorRegistry()
        registry.register(PostgresSource.spec) { configuration, _ throws(ConnectorError) in try PostgresSource(configuration) }
        registry.register(FileSource.spec) { configuration, folder throws(ConnectorError) in
            try FileSource(configuration, folder: folder)
        }
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

    /// The one connector that is called `name` as a program: `postgres-source`, `source-postgres`.
    /// - Throws: ``ConnectorError`` where none is, or a source and a destination are.
    func program(
        _ name: String
    ) throws(ConnectorError) -> (spec: ConnectorSpec, source: MakeSource?, destination: MakeDestination?) {
        let found: [(ConnectorSpec, MakeSource?, MakeDestination?)] =
            sources.filter { $0.spec.answers(to: name) }.map { ($0.spec, $0.make, nil) }
            + destinations.filter { $0.spec.answers(to: name) }.map { ($0.spec, nil, $0.make) }
        if found.count == 1 { return found[0] }
        let names = specs.map { "\($0.name)-\($0.role.rawValue)" }
        guard found.isEmpty else {
            throw ConnectorError(
                .unknownConnector, "'\(name)' is a source and a destination",
                hint: "say \(found.map { "\($0.0.name)-\($0.0.role.rawValue)" }.joined(separator: " or "))")
        }
        throw ConnectorError(
            .unknownConnector, "no connector '\(name)' is built in",
            hint: Suggestion.hint(for: name, in: names) ?? "built in are \(names.joined(separator: ", "))")
    }

    func sourceSpec(named name: String) -> ConnectorSpec? { sources.first { $0.spec.answers(to: name) }?.spec }

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
        let folder: String?
        switch reference {
        case .builtIn(let name, let place): (connector, folder) = (name, place)
        case .command(let words, let folder):
            return ExternalSource(
                connector: ExternalConnector(name: name, role: .source, command: words, folder: folder, config: config))
        case .image(let image, let folder):
            return ExternalSource(
                connector: ExternalConnector(
                    name: name, role: .source, command: [], image: image, folder: folder ?? ".", config: config))
        }
        guard let (spec, make) = sources.first(where: { $0.spec.answers(to: connector) }) else {
            throw unknown(connector, owner: owner, in: sources.map(\.spec))
        }
        return try make(try Configuration(config, spec: spec, owner: owner), folder)
    }

    /// Makes the destination that the user calls `name`. As ``source(named:connector:config:)``.
    package func destination(
        named name: String, connector reference: ConnectorReference, config: JSON
    ) throws(ConnectorError) -> any Destination {
        let owner = "destination '\(name)'"
        let connector: String
        switch reference {
        case .builtIn(let name, _): connector = name
        case .command(let words, let folder):
            return ExternalDestination(
                connector: ExternalConnector(name: name, role: .destination, command: words, folder: folder, config: config))
        case .image(let image, let folder):
            return ExternalDestination(
                connector: ExternalConnector(
                    name: name, role: .destination, command: [], image: image, folder: folder ?? ".", config: config))
        }
        guard let (spec, make) = destinations.first(where: { $0.spec.answers(to: connector) }) else {
            throw unknown(connector, owner: owner, in: destinations.map(\.spec))
        }
        return try make(try Configuration(config, spec: spec, owner: owner))
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
    package func answers(to connector: String) -> Bool {
        let base = connector.split(separator: ":", maxSplits: 1).first.map(String.init) ?? connector
        return base == name || aliases.contains(base)
    }
}
