package import Diagnostics
package import Documents

/// A metric, semantic model or saved query: what semantic layers read from the manifest, and nothing that runs.
package struct SemanticResource: Sendable {
    package var id: NodeID
    package var name: String
    /// `metric`, `semanticModel` or `savedQuery`.
    package var resourceType: ResourceType
    package var packageName: String
    package var path: String
    package var originalPath: String
    package var fqn: [String]
    /// What only resources of this type have, as manifest.json has it: `type_params`, `measures`, `query_params` ...
    package var definition = JSON.Members()
    package var config = NodeConfig()
    package var unrenderedConfig = JSON.Members()
    package var meta = JSON.Members()
    package var tags: [String] = []
    package var refs: [RefCall] = []
    package var dependsOnNodes: [NodeID] = []
    package var createdAt: Double = 0
    package var location: SourceLocation

    package var group: String? { config.group }
}
