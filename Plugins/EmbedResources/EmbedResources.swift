import Foundation
import PackagePlugin

/// Compiles the text files of a target's folders of resources into the target, as one Swift file each, so that the
/// binary needs nothing beside itself at run time.
@main
struct EmbedResources: BuildToolPlugin {
    /// A target's folder, and the type that its files become.
    private static let folders = [(path: "Macros/SQL", type: "EmbeddedMacros"), (path: "Web", type: "EmbeddedWeb")]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        try Self.folders.compactMap { folder, type in
            let url = target.directoryURL.appending(path: folder)
            let files = try filesBelow(url)
            guard !files.isEmpty else { return nil }
            let output = context.pluginWorkDirectoryURL.appending(path: "\(type).swift")
            return .buildCommand(
                displayName: "Embedding \(files.count) files of \(target.name)",
                executable: try context.tool(named: "EmbedResourcesTool").url,
                arguments: [type, url.path(), output.path()],
                inputFiles: files,
                outputFiles: [output])
        }
    }

    private func filesBelow(_ folder: URL) throws -> [URL] {
        guard let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        return try walker.compactMap { $0 as? URL }
            .filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
            .sorted { $0.path() < $1.path() }
    }
}
