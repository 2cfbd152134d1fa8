import Documents
import Records

/// A destination that is a program of its own, which speaks the Airbyte protocol.
package struct ExternalDestination: Destination {
    let connector: ExternalConnector

    /// It has a schema of its own for streams that are not given one.
    package var defaultNamespace: String { "" }

    package func openSession(_ options: SessionOptions) throws(ConnectorError) -> any DestinationSession {
        ExternalDestinationSession(connector, options)
    }
}
