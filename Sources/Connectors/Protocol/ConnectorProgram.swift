package import Documents
import Records

/// A built-in connector as a program that speaks the Airbyte protocol.
///
/// All answers are messages on the file given, also failures: who reads them needs nothing else. Blocks.
package struct ConnectorProgram {
    let spec: ConnectorSpec
    private let makeSource: ConnectorRegistry.MakeSource?
    private let makeDestination: ConnectorRegistry.MakeDestination?
    let writer: MessageWriter
    let isCancelled: @Sendable () -> Bool

    /// - Parameters:
    ///   - name: `postgres-source`, `source-postgres` or another name of one; `postgres` alone would be two.
    ///   - output: the file for the messages.
    /// - Throws: ``ConnectorError`` for a name that no connector has, or several.
    package init(
        _ name: String, registry: ConnectorRegistry = .builtIn, output: Int32 = 1,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(ConnectorError) {
        (spec, makeSource, makeDestination) = try registry.program(name)
        writer = MessageWriter(output)
        self.isCancelled = isCancelled
    }

    var options: SessionOptions { SessionOptions(applicationName: "leat connector", isCancelled: isCancelled) }

    /// Says how the connector is configured.
    package func describe() throws(ConnectorError) { try writer.send(AirbyteMessage.spec(spec)) }

    /// Says whether it can do its work with a config.
    package func check(_ config: JSON) throws(ConnectorError) {
        do {
            let report: CheckReport
            if makeSource != nil {
                let session = try source(config).openSession(options)
                defer { session.close() }
                report = try session.check()
            } else {
                let session = try destination(config).openSession(options)
                defer { session.close() }
                report = try session.check()
            }
            let text = ([report.summary] + report.remarks).joined(separator: "; ")
            try writer.send(AirbyteMessage.status(nil, message: text))
        } catch {
            try writer.send(AirbyteMessage.status(error, message: nil))
        }
    }

    /// Says which streams there are.
    package func discover(_ config: JSON) throws(ConnectorError) {
        let session = try source(config).openSession(options)
        defer { session.close() }
        try writer.send(AirbyteMessage.catalog(try session.discover(only: nil)))
    }

    /// Reads the streams of a configured catalog, from where the states end.
    /// - Returns: false if a stream failed, which was said in messages; the others were read.
    package func read(_ config: JSON, catalog: JSON, state: JSON?) throws -> Bool {
        let session = try source(config).openSession(options)
        defer { session.close() }
        return try SourceProgram(session: session, writer: writer, states: state).read(try ConfiguredCatalog(catalog))
    }

    /// Writes the records that come from `input`.
    package func write(_ config: JSON, catalog: JSON, input: Int32 = 0) throws {
        let destination = try destination(config)
        guard let postgres = destination as? PostgresDestination else {
            throw ConnectorError(.unsupported, "\(spec.name) cannot write as an Airbyte destination")
        }
        try DestinationProgram(postgres, writer: writer, options: options, catalog: try ConfiguredCatalog(catalog)).run(input)
    }

    private func source(_ config: JSON) throws(ConnectorError) -> any Source {
        guard let makeSource else { throw ConnectorError(.unsupported, "\(spec.name) is a destination and reads nothing") }
        return try makeSource(try Configuration(config, spec: spec, owner: "source \(spec.name)"), nil)
    }

    private func destination(_ config: JSON) throws(ConnectorError) -> any Destination {
        guard let makeDestination else { throw ConnectorError(.unsupported, "\(spec.name) is a source and writes nothing") }
        return try makeDestination(try Configuration(config, spec: spec, owner: "destination \(spec.name)"))
    }
}
