/// Reads the `{% docs %}` blocks of Markdown files.
enum DocsReader {
    static func read(_ package: Package) throws -> [DocBlock] {
        try package.files(in: package.definition.allDocsPaths, withExtensions: ["md"]).flatMap { file in
            let text = try ProjectFileSystem.text(of: file.absolutePath, calledInErrors: file.displayPath)
            let bytes = Array(text.utf8)
            return BlockScanner.blocks(in: text, kinds: ["docs"]).map { block in
                DocBlock(
                    packageName: file.package, name: block.name,
                    contents: String(decoding: bytes[block.contents], as: UTF8.self).trimmingWhitespaceBytes, path: file.path,
                    originalPath: file.originalPath)
            }
        }
    }
}
