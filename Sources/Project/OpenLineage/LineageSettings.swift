import Diagnostics
import Documents

/// Where OpenLineage events go: `openlineage:` of leat.yml, or the variables of the environment that OpenLineage's own clients read.
struct LineageSettings: Sendable {
    enum Target: Sendable {
        /// The whole address that events are posted to.
        case server(url: String, apiKey: String?)
        /// A file that a line is added to for each event; absolute.
        case file(String)
    }

    let target: Target
    /// Which jobs these are, among those of other programs.
    let namespace: String

    static let standardEndpoint = "api/v1/lineage"

    /// - Parameters:
    ///   - node: what leat.yml says; nil where it says nothing.
    ///   - project: its name is the namespace where none is given.
    /// - Returns: nil where nobody wants events.
    /// - Throws: `DocumentError` at the key that is wrong.
    init?(_ node: YAMLNode?, project: String, directory: String, environment: [String: String]) throws {
        if ["true", "1"].contains(environment["OPENLINEAGE_DISABLED"]?.lowercased() ?? "") { return nil }
        guard let node else {
            guard let url = environment["OPENLINEAGE_URL"], !url.isEmpty else { return nil }
            target = .server(
                url: Self.address(url, environment["OPENLINEAGE_ENDPOINT"]), apiKey: environment["OPENLINEAGE_API_KEY"])
            namespace = environment["OPENLINEAGE_NAMESPACE"] ?? project
            return
        }
        if node.members == nil {
            target = .server(url: Self.address(node.scalarText, nil), apiKey: environment["OPENLINEAGE_API_KEY"])
            namespace = project
        } else {
            var keys = try YAMLMapping(node, of: "'openlineage'")
            let url = try keys.string("url")
            let file = try keys.string("file")
            let endpoint = try keys.string("endpoint")
            let apiKey = try keys.string("api_key")
            namespace = try keys.string("namespace") ?? project
            try keys.finish()
            switch (url, file) {
            case (let url?, nil):
                target = .server(url: Self.address(url, endpoint), apiKey: apiKey ?? environment["OPENLINEAGE_API_KEY"])
            case (nil, let file?): target = .file(file.hasPrefix("/") ? file : directory + "/" + file)
            default:
                throw DocumentError(.badValue, "'openlineage' needs either 'url' or 'file'", location: node.location)
            }
        }
        if case .server(let url, _) = target, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw DocumentError(
                .badValue, "'\(url)' is not an HTTP address", location: node.location, hint: "it begins with https:// or http://")
        }
    }

    private static func address(_ url: String, _ endpoint: String?) -> String {
        (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/" + (endpoint ?? standardEndpoint).drop { $0 == "/" }
    }
}
