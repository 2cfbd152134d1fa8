import Diagnostics
import Documents
import Foundation

/// Finds the packages that a project has installed.
struct PackageReader {
    let root: Package
    let renderer: YAMLRenderer

    /// The packages below `packages-install-path`, in order of their folders' names.
    func read() throws -> [Package] {
        let path = root.definition.packagesInstallPath
        let folder = ProjectFileSystem.resolve(path, in: root.folder)
        let entries = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        var packages: [Package] = []
        var seen: [String: String] = [root.name: "the project itself"]
        for entry in entries where !entry.hasPrefix(".") {
            let packageFolder = folder + "/" + entry
            guard ProjectFileSystem.exists(packageFolder + "/dbt_project.yml") else { continue }
            let prefix = path + "/" + entry + "/"
            let definition = try ProjectReader(renderer: renderer)
                .read(folder: packageFolder, calledInErrors: prefix + "dbt_project.yml")
            if let other = seen.updateValue(entry, forKey: definition.name) {
                throw TransformError(
                    .duplicate, "two packages are called '\(definition.name)': \(other) and \(entry)",
                    location: SourceLocation(file: prefix + "dbt_project.yml"))
            }
            packages.append(Package(definition: definition, folder: packageFolder, displayPrefix: prefix, isRoot: false))
        }
        try checkInstalled(packages)
        return packages
    }

    /// Says so where packages.yml wants packages and nothing is installed.
    private func checkInstalled(_ packages: [Package]) throws {
        guard packages.isEmpty else { return }
        for name in ["packages.yml", "dependencies.yml"] {
            let path = root.folder + "/" + name
            guard ProjectFileSystem.exists(path) else { continue }
            let text = try ProjectFileSystem.text(of: path, calledInErrors: name)
            guard let wanted = try YAMLDocument.parse(text, file: name)?["packages"], let items = wanted.items, !items.isEmpty
            else { continue }
            throw TransformError(
                .project, "\(name) names \(items.count) package\(items.count == 1 ? "" : "s"), and none is installed",
                location: wanted.location, hint: "run 'leat dbt deps'")
        }
    }
}
