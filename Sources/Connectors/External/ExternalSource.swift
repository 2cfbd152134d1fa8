import Documents
import Records

/// A source that is a program of its own, which speaks the Airbyte protocol.
package struct ExternalSource: Source {
    /// `source 'crm'`, for errors.
    let owner: String
    private(set) var command: [String]
    let config: ExternalConfig

    init(owner: String, name: String, command: [String], folder: String, config: JSON) {
        self.owner = owner
        self.command = command
        // A name is looked for on PATH; a path begins at the project's folder.
        if let program = command.first, program.contains("/"), !program.hasPrefix("/") {
            self.command[0] = "\(folder)/\(program)"
        }
        self.config = ExternalConfig(name: name, folder: folder, given: config)
    }

    package func openSession(_ options: SessionOptions) throws(ConnectorError) -> any SourceSession {
        ExternalSourceSession(self, options)
    }
}
