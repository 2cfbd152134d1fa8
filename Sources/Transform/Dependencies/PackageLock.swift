import Documents
import Jinja

/// package-lock.yml, to the letter as dbt writes it: what was chosen, and the fingerprint of what it was chosen for.
enum PackageLock {
    /// dbt's fingerprint of the packages that were asked for: a lock of dbt's is a lock here, and the other way round.
    static func fingerprint(_ packages: [PackageRequest]) -> String {
        Checksum.sha1(packages.map { PythonJSON.text(of: Value($0.contract), sortsKeys: true) }.sorted().joined(separator: "\n"))
    }

    /// What an earlier lock chose; nil where there is none or it was for something else.
    static func read(_ folder: String, hash: String, renderer: YAMLRenderer) throws -> [PackageRequest]? {
        let path = folder + "/package-lock.yml"
        guard ProjectFileSystem.exists(path) else { return nil }
        let text = try ProjectFileSystem.text(of: path, calledInErrors: "package-lock.yml")
        guard let root = try YAMLDocument.parse(text, file: "package-lock.yml"), root["sha1_hash"]?.string == hash else {
            return nil
        }
        return try (root["packages"]?.items ?? []).map { try PackageRequest($0, values: try renderer.render($0)) }
    }

    static func text(of packages: [PackageRequest], hash: String) -> String {
        var text = packages.isEmpty ? "packages: []\n" : "packages:\n"
        for package in packages {
            let lines = PythonYAML.text(of: package.lockEntry, sortsKeys: true).split(separator: "\n")
            for (index, line) in lines.enumerated() { text += (index == 0 ? "  - " : "    ") + line + "\n" }
        }
        return text + PythonYAML.text(of: ["sha1_hash": .string(hash)])
    }

    static func write(_ packages: [PackageRequest], hash: String, to folder: String) throws {
        try ProjectFileSystem.write(Array(text(of: packages, hash: hash).utf8), to: folder + "/package-lock.yml")
    }
}
