import Foundation
import PackagePlugin

/// Compiles the text files of a target's `Macros/SQL` folder into the target, as one Swift file, so that the
/// binary needs nothing beside itself at run time.
@main
struct EmbedResources: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL.appending(path: "Macros/SQL")
        let files = try filesBelow(folder)
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedMacros.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files of \(target.name)",
                executable: try context.tool(named: "EmbedResourcesTool").url,
                arguments: ["EmbeddedMacros", folder.path(), output.path()],
                inputFiles: files,
                outputFiles: [output])
        ]
    }

    private func filesBelow(_ folder: URL) throws -> [URL] {
        guard let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        return try walker.compactMap { $0 as? URL }
            .filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
            .sorted { $0.path() < $1.path() }
    }
}
