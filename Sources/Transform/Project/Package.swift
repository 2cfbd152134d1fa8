/// The root project or an installed package: a definition and the folder that it lies in.
package struct Package: Sendable {
    package var definition: ProjectDefinition
    /// Absolute.
    package var folder: String
    /// What stands before its files' names in errors: empty for the root project, `dbt_packages/x/` for others.
    package var displayPrefix: String
    package var isRoot: Bool

    package var name: String { definition.name }

    /// The files below some folders of the package, relative to the package, and relative to the folder.
    func files(in folders: [String], withExtensions extensions: Set<String>) -> [PackageFile] {
        var seen: Set<String> = []
        var found: [PackageFile] = []
        for folder in folders {
            for path in ProjectFileSystem.files(below: self.folder + "/" + folder, withExtensions: extensions) {
                let file = PackageFile(package: name, root: self.folder, folder: folder, path: path, displayPrefix: displayPrefix)
                if seen.insert(file.originalPath).inserted { found.append(file) }
            }
        }
        return found
    }
}

/// A file of a package.
package struct PackageFile: Sendable, Hashable {
    package var package: String
    /// The package's folder.
    package var root: String
    /// `models`.
    package var folder: String
    /// `marts/orders.sql`.
    package var path: String
    var displayPrefix: String

    /// `models/marts/orders.sql`.
    package var originalPath: String { folder == "." || folder.isEmpty ? path : folder + "/" + path }
    package var absolutePath: String { root + "/" + originalPath }
    /// For errors.
    package var displayPath: String { displayPrefix + originalPath }

    /// `orders`.
    package var stem: String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    }

    /// `["marts"]`.
    package var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
}
