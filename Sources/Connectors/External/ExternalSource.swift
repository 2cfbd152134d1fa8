import Documents
import Records

/// A source that is a program of its own, which speaks the Airbyte protocol.
package struct ExternalSource: Source {
    let connector: ExternalConnector

    package func openSession(_ options: SessionOptions) throws(ConnectorError) -> any SourceSession {
        ExternalSourceSession(self, options)
    }
}
