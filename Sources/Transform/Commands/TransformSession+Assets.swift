import Foundation

extension TransformSession {
    /// Puts the project's assets and the documentation's page into the target folder.
    ///
    /// - Parameter asOneFile: whether static_index.html is written as well, which holds everything that it shows.
    package func writeDocumentation(asOneFile: Bool = false) throws {
        for path in world.root.definition.assetPaths {
            let from = ProjectFileSystem.resolve(path, in: world.root.folder)
            let to = ProjectFileSystem.resolve(path, in: targetFolder)
            guard ProjectFileSystem.exists(from), from != to else { continue }
            try? FileManager.default.removeItem(atPath: to)
            do {
                try FileManager.default.copyItem(atPath: from, toPath: to)
            } catch {
                throw TransformError(.unreadable, "the assets in \(path) cannot be copied: \(error.localizedDescription)")
            }
        }
        try ProjectFileSystem.write(Array(DocumentationPage.html.utf8), to: targetFolder + "/index.html")
        guard asOneFile else { return }
        let documents = try ["manifest.json", "catalog.json"].map { name in
            let path = targetFolder + "/" + name
            return ProjectFileSystem.exists(path) ? try ProjectFileSystem.bytes(of: path) : Array("{}".utf8)
        }
        try ProjectFileSystem.write(
            DocumentationPage.html(manifest: documents[0], catalog: documents[1]), to: targetFolder + "/static_index.html")
    }
}
