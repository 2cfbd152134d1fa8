import Documents
import Foundation

/// The registry of packages, over HTTP.
struct PackageHub: Sendable {
    /// `https://hub.getdbt.com`.
    /// Without a slash at its end.
    let baseURL: String
    /// Whether versions are left out that ask for another dbt.
    let checksVersion: Bool

    init(baseURL: String, checksVersion: Bool) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.checksVersion = checksVersion
    }

    /// A version of a package.
    struct Release {
        var name: String
        var version: String
        var tarball: String
        /// What it asks for itself.
        var packages: [PackageRequest]
        /// What the package is called by now, where it has another name. The old one still works, as with dbt.
        var newName: String?
    }

    /// The newest version that fulfils all ranges.
    ///
    /// - Throws: ``TransformError`` where there is no such package or version.
    func release(of name: String, satisfying ranges: [String], allowsPrereleases: Bool) throws -> Release {
        guard name.contains("/") else {
            throw TransformError(
                .project,
                "\(name) was not found in the package index. Packages on the index require a namespace, e.g dbt-labs/dbt_utils")
        }
        let document = try JSON(parsing: try fetch("\(baseURL)/api/v1/\(name).json"), file: name)
        let versions = document["versions"]?.object ?? JSON.Members()
        // A range that names a prerelease asks for one.
        let asksForPrerelease = ranges.contains { $0.contains("-") }
        let fitting = versions.keys.compactMap(SemanticVersion.init).filter { version in
            (allowsPrereleases || asksForPrerelease || !version.isPrerelease) && ranges.allSatisfy(version.satisfies)
                && isCompatible(versions[version.text]?["require_dbt_version"])
        }
        guard let best = fitting.max(), let entry = versions[best.text] else {
            throw TransformError(
                .project, "Could not find a matching compatible version for package \(name)",
                hint: "wanted: \(ranges.joined(separator: ", ")); there are: \(versions.keys.joined(separator: ", "))")
        }
        let needed = try (entry["packages"]?.array ?? []).compactMap { value in
            try YAMLDocument.parse(value.text(), file: name).map { try PackageRequest($0, values: value) }
        }
        return Release(
            name: entry["name"]?.string ?? name, version: best.text, tarball: entry["downloads"]?["tarball"]?.string ?? "",
            packages: needed, newName: Self.newName(of: name, document))
    }

    private static func newName(of name: String, _ document: JSON) -> String? {
        let (space, title) = (document["redirectnamespace"]?.string, document["redirectname"]?.string)
        guard space != nil || title != nil else { return nil }
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        return "\(space ?? document["namespace"]?.string ?? parts[0])/\(title ?? document["name"]?.string ?? parts[1])"
    }

    /// Whether this dbt is one of those that a version asks for.
    private func isCompatible(_ required: JSON?) -> Bool {
        guard checksVersion, let required, !required.isNull, let installed = SemanticVersion(Invocation.dbtVersion) else {
            return true
        }
        return NodeConfig.strings(required).flatMap { $0.split(separator: ",") }.allSatisfy { installed.satisfies(String($0)) }
    }

    private func fetch(_ url: String) throws -> String {
        do {
            return try CommandRunner.run(["curl", "--silent", "--show-error", "--fail", "--location", "--retry", "3", url])
        } catch {
            throw TransformError(.project, "\(url) cannot be fetched: \(error.message)")
        }
    }

    /// Loads a file; gives its path.
    func download(_ url: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/leat-package-\(UUID().uuidString).tar.gz"
        do {
            _ = try CommandRunner.run(
                ["curl", "--silent", "--show-error", "--fail", "--location", "--retry", "3", "--output", path, url])
        } catch {
            throw TransformError(.project, "\(url) cannot be fetched: \(error.message)")
        }
        return path
    }
}
