import Documents

/// A connector that is a program or an image of its own.
struct ExternalConnector: Sendable {
    /// `source 'crm'`, for errors.
    let owner: String
    let role: ConnectorSpec.Role
    /// Empty for an image.
    private(set) var command: [String]
    let image: String?
    let config: ExternalConfig
    /// What the connector says of its config.
    let specs: SpecMemory

    /// What a person knows it by.
    var label: String { image ?? command.first?.split(separator: "/").last.map(String.init) ?? "" }

    /// - Parameter folder: the project's, where paths begin.
    init(name: String, role: ConnectorSpec.Role, command: [String], image: String? = nil, folder: String, config: JSON) {
        owner = "\(role.rawValue) '\(name)'"
        self.role = role
        self.command = command
        self.image = image
        // A name is looked for on PATH; a path begins at the project's folder.
        if let program = command.first, program.contains("/"), !program.hasPrefix("/") {
            self.command[0] = "\(folder)/\(program)"
        }
        self.config = ExternalConfig(name: name, folder: folder, given: config)
        specs = SpecMemory(
            path: self.config.file("\(role.rawValue).spec"), program: image.map { [$0] } ?? self.command)
    }

    /// A text of the connector without the secrets of its config, which some connectors repeat in their errors: the values of
    /// fields that its spec calls secret, or whose names do.
    func masked(_ text: String) -> String {
        var text = text
        let secrets = [config.current, config.given].flatMap {
            Self.secrets($0, name: "") + (specs.spec?.secrets(in: $0) ?? [])
        }
        // One may be part of another.
        for secret in Set(secrets).sorted(by: { $0.utf8.count > $1.utf8.count }) where secret.utf8.count > 3 {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "******")
        }
        return text
    }

    /// An error of the connector without them.
    func masked(_ error: ConnectorError) -> ConnectorError {
        var error = error
        error.message = masked(error.message)
        error.details = error.details.map { masked($0) }
        return error
    }

    /// - Throws: ``ConnectorError`` where the config is not what the connector's spec wants.
    func checkConfig() throws(ConnectorError) {
        let problems = specs.spec?.problems(of: config.current) ?? []
        guard let first = problems.first else { return }
        var error = ConnectorError(
            .configuration, "config of \(owner): \(first.sentence)", hint: "\(label) says so in its spec",
            details: problems.dropFirst().map { "also: \($0.sentence)" })
        error.field = first.field
        throw error
    }

    private static func secrets(_ json: JSON, name: String) -> [String] {
        if let members = json.object { return members.entries.flatMap { secrets($0.value, name: $0.key.lowercased()) } }
        if let items = json.array { return items.flatMap { secrets($0, name: name) } }
        let words = ["password", "secret", "token", "api_key", "apikey", "private_key", "passphrase", "credential", "access_key"]
        guard let value = json.string, words.contains(where: { name.contains($0) }) else { return [] }
        return [value]
    }
}
