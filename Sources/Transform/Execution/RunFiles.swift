/// The files under target/compiled and target/run.
enum RunFiles {
    /// Where a node's compiled SQL goes, below `target/compiled` or `target/run`.
    static func path(of node: Node, batch: String? = nil) -> String {
        let original = node.originalPath.hasPrefix("./") ? String(node.originalPath.dropFirst(2)) : node.originalPath
        var inner: String
        switch node.resourceType {
        // Many of these may stand in one file.
        case .snapshot: inner = original + "/" + node.name + ".sql"
        case .unitTest:
            let folder = original.split(separator: "/").dropLast().joined(separator: "/")
            inner = original + "/" + (folder.isEmpty ? "" : folder + "/") + node.name + ".sql"
        default:
            let isOnlyOne = original.split(separator: "/").last == node.path.split(separator: "/").last
            inner = isOnlyOne ? original : original + "/" + node.path
        }
        if let batch {
            let stem = inner.hasSuffix(".sql") ? String(inner.dropLast(4)) : inner
            inner = stem + "/" + node.name + "_" + batch + ".sql"
        }
        return node.packageName + "/" + inner
    }

    /// Keeps the text of the main statement.
    static func write(_ text: String, for context: NodeContext) throws {
        guard let node = context.node, let run = context.run else { return }
        run.writtenCode = text
        guard node.resourceType != .operation else { return }
        let file = context.world.targetFolder + "/run/" + path(of: node, batch: run.batchLabel)
        try ProjectFileSystem.write(Array(text.utf8), to: file)
    }
}
