import Diagnostics
import Documents

extension ManifestLinker {
    /// Puts relations into foreign keys that are written as `to: ref('orders')`.
    mutating func linkConstraints(of node: Node) throws {
        var isChanged = false
        func linked(_ constraint: JSON) throws -> JSON {
            guard let text = constraint["to"]?.string, var members = constraint.object,
                text.hasPrefix("ref") || text.hasPrefix("source")
            else { return constraint }
            let capture = try ArgumentRenderer.capture(text, world: scope, at: node.location)
            if let ref = capture.refs.first {
                guard let target = resolve(ref, from: node.packageName) else {
                    throw TransformError(
                        .unknownRef, "a constraint of '\(node.name)' refers to \(text), which does not exist",
                        location: node.location)
                }
                isChanged = true
                members["to"] = target.relationName.map(JSON.string) ?? .string(text)
            } else if let call = capture.sources.first, let source = resolve(call, from: node.packageName) {
                isChanged = true
                members["to"] = .string(source.relationName)
            }
            return .object(members)
        }
        guard node.resourceType == .model,
            !(node.constraints.isEmpty && node.columns.allSatisfy(\.constraints.isEmpty))
        else { return }
        let constraints = try node.constraints.map(linked)
        let columns = try node.columns.map { column in
            var column = column
            column.constraints = try column.constraints.map(linked)
            return column
        }
        if isChanged { replaceConstraints(of: node.id, constraints, columns) }
    }
}
