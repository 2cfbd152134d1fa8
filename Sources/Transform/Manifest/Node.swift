package import Diagnostics
import Documents

/// A model, seed, snapshot, analysis, test or hook of a project, as parsed.
///
/// What compiling and running adds is kept elsewhere: a node never changes after the project is read. Its ``NodeFields``
/// lie in one piece of memory that copies share, since projects have many nodes and copying forty fields costs more than
/// most of what is done with one.
@dynamicMemberLookup
package struct Node: Sendable {
    /// Safe to share: ``Node`` changes one only while nobody else holds it, and makes its own before.
    private final class Box: @unchecked Sendable {
        var fields: NodeFields

        init(_ fields: NodeFields) { self.fields = fields }
    }

    private var box: Box

    package init(
        id: NodeID, name: String, resourceType: ResourceType, packageName: String, path: String, originalPath: String,
        rawCode: String, fqn: [String], alias: String, schema: String? = nil, database: String? = nil,
        relationName: String? = nil,
        checksum: Checksum, config: NodeConfig, location: SourceLocation
    ) {
        box = Box(
            NodeFields(
                id: id, name: name, resourceType: resourceType, packageName: packageName, path: path,
                originalPath: originalPath, rawCode: rawCode, fqn: fqn, alias: alias, schema: schema, database: database,
                relationName: relationName, checksum: checksum, config: config, location: location))
    }

    package subscript<Value>(dynamicMember path: KeyPath<NodeFields, Value>) -> Value {
        @inline(__always) get { box.fields[keyPath: path] }
    }

    package subscript<Value>(dynamicMember path: WritableKeyPath<NodeFields, Value>) -> Value {
        @inline(__always) get { box.fields[keyPath: path] }
        @inline(__always) _modify {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.fields) }
            yield &box.fields[keyPath: path]
        }
    }
}
