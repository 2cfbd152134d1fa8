import Foundation

extension TransformSession {
    /// Puts the project's assets and the documentation's page into the target folder.
    package func writeDocumentation() throws {
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
    }
}
