import Documents

/// package-lock.yml: what was chosen, and the fingerprint of what it was chosen for.
enum PackageLock {
    /// The packages that were asked for as one text.
    static func fingerprint(_ packages: [PackageRequest]) -> String {
        JSON.array(packages.map(\.lockEntry)).text()
    }

    /// What an earlier lock chose; nil where there is none or it was for something else.
    static func read(_ folder: String, hash: String) throws -> [PackageRequest]? {
        let path = folder + "/package-lock.yml"
        guard ProjectFileSystem.exists(path) else { return nil }
        let text = try ProjectFileSystem.text(of: path, calledInErrors: "package-lock.yml")
        guard let root = try YAMLDocument.parse(text, file: "package-lock.yml"), root["sha1_hash"]?.string == hash else {
            return nil
        }
        return try (root["packages"]?.items ?? []).map { try PackageRequest($0, values: $0.json) }
    }

    static func write(_ packages: [PackageRequest], hash: String, to folder: String) throws {
        let document: JSON = ["packages": .array(packages.map(\.lockEntry)), "sha1_hash": .string(hash)]
        let text = PythonYAML.text(of: document, sortsKeys: false)
        try ProjectFileSystem.write(Array(text.utf8), to: folder + "/package-lock.yml")
    }
}
