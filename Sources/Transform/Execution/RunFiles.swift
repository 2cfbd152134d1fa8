/// The files under target/compiled and target/run.
enum RunFiles {
    /// Where a node's compiled SQL goes, below `target/compiled` or `target/run`.
    static func path(of node: Node, batch: String? = nil) -> String {
        // Tests of schema files have the schema file as their folder, as in dbt.
        var inner = node.isGenericTest ? node.originalPath + "/" + node.path : node.originalPath
        // So have the snapshots of one file.
        if node.resourceType == .snapshot || node.resourceType == .unitTest { inner += "/" + node.name + ".sql" }
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
        try ProjectFileSystem.write(Array(text.utf8), to: context.world.targetFolder + "/run/" + path(of: node))
    }
}
