package import Diagnostics
package import Documents

/// Something outside of the project that uses its nodes: a dashboard, an application.
package struct Exposure: Sendable {
    package var id: NodeID
    package var name: String
    package var packageName: String
    package var path: String
    package var originalPath: String
    package var fqn: [String]
    package var type: String
    package var description = ""
    package var owner: JSON = .null
    package var label: String?
    package var maturity: String?
    package var url: String?
    package var meta = JSON.Members()
    package var tags: [String] = []
    package var config = NodeConfig()
    package var unrenderedConfig = JSON.Members()
    package var refs: [RefCall] = []
    package var sources: [SourceCall] = []
    /// Calls of `metric()`: a name, or a package and a name.
    package var metrics: [[String]] = []
    package var dependsOnNodes: [NodeID] = []
    package var createdAt: Double = 0
    package var location: SourceLocation
}
