import Diagnostics
import Documents
import Foundation
import Postgres

/// Finds profiles.yml and reads the target that is asked for.
struct ProfileReader {
    let options: InvocationOptions
    let renderer: YAMLRenderer

    /// - Parameter projectProfile: the profile that dbt_project.yml names.
    func read(projectProfile: String?) throws -> Profile {
        let path = try findFile()
        let file = displayName(of: path)
        let text = try ProjectFileSystem.text(of: path, calledInErrors: file)
        guard let root = try YAMLDocument.parse(text, file: file), let members = root.members else {
            throw TransformError(.profile, "profiles.yml holds no profile", location: SourceLocation(file: file))
        }
        guard let name = options.profile ?? projectProfile else {
            throw TransformError(
                .profile, "dbt_project.yml names no profile", location: SourceLocation(file: "dbt_project.yml"),
                hint: "add 'profile: NAME' with one of: \(members.map(\.key).joined(separator: ", "))")
        }
        guard let profile = root[name] else {
            let names = members.map(\.key).filter { $0 != "config" }
            throw TransformError(
                .profile, "Could not find profile named '\(name)'", location: SourceLocation(file: file),
                hint: Suggestion.hint(for: name, in: names) ?? "profiles there: \(names.joined(separator: ", "))")
        }
        return try target(of: profile, name: name)
    }

    private func target(of profile: YAMLNode, name: String) throws -> Profile {
        let outputs = profile["outputs"]?.members ?? []
        guard !outputs.isEmpty else {
            throw TransformError(.profile, "the profile '\(name)' has no outputs", location: profile.location)
        }
        let fallback = try profile["target"].map { try renderer.render($0).string ?? "default" } ?? "default"
        let targetName = options.target ?? fallback
        guard let output = outputs.first(where: { $0.key == targetName }) else {
            let names = outputs.map(\.key)
            throw TransformError(
                .profile, "The profile '\(name)' does not have a target named '\(targetName)'.", location: profile.location,
                hint: Suggestion.hint(for: targetName, in: names) ?? "targets there: \(names.joined(separator: ", "))")
        }
        var values: JSON.Members
        do {
            values = try renderer.render(output.value).object ?? JSON.Members()
        } catch var error as TransformError {
            error.location = error.location ?? output.keyLocation
            throw error
        }
        for (alias, key) in [("dbname", "database"), ("pass", "password")] where values[key] == nil {
            values[key] = values[alias]
        }
        let warnings = (output.value.members ?? []).compactMap(Self.warning)
        let threads = options.threads ?? int(values["threads"]) ?? 1
        return Profile(
            name: name, targetName: targetName, credentials: try credentials(values, at: output.keyLocation),
            threads: max(1, threads), warnings: warnings)
    }

    /// The keys that a target can have.
    private static let keys: Set<String> = [
        "type", "host", "port", "user", "password", "pass", "database", "dbname", "schema", "threads", "connect_timeout", "role",
        "search_path", "keepalives_idle", "sslmode", "sslcert", "sslkey", "sslrootcert", "application_name", "retries",
        "autocommit",
    ]

    /// A key that is probably misspelt. dbt keeps quiet about those.
    private static func warning(of member: YAMLNode.Member) -> Manifest.Warning? {
        guard !keys.contains(member.key), let hint = Suggestion.hint(for: member.key, in: keys.sorted()) else { return nil }
        return .init(
            event: .customKeyInObject, message: "the target has an unknown key '\(member.key)'", location: member.keyLocation,
            hint: hint, isOptional: true)
    }

    private func credentials(_ values: JSON.Members, at location: SourceLocation) throws -> Credentials {
        if let type = values["type"]?.string, type != "postgres" {
            throw TransformError(
                .profile, "the target is of type '\(type)', and only postgres is supported", location: location,
                hint: Suggestion.hint(for: type, in: ["postgres"]))
        }
        func required(_ key: String) throws -> String {
            if let value = string(values[key]) { return value }
            throw TransformError(
                .profile, "the target lacks '\(key)'", location: location,
                hint: Suggestion.nearest(to: key, in: values.keys.filter { !Self.keys.contains($0) }.sorted()).map {
                    "it has '\($0)', which is unknown: write '\(key)'"
                })
        }
        var ssl: [String: String] = [:]
        for key in ["sslcert", "sslkey", "sslrootcert"] { ssl[key] = string(values[key]) }
        let sslMode = try string(values["sslmode"]).map { name in
            guard let mode = ConnectionOptions.SSLMode(rawValue: name) else {
                let names = ConnectionOptions.SSLMode.allCases.map(\.rawValue)
                throw TransformError(
                    .profile, "sslmode '\(name)' does not exist", location: location,
                    hint: Suggestion.hint(for: name, in: names) ?? "one of: \(names.joined(separator: ", "))")
            }
            return mode
        }
        guard let port = int(values["port"] ?? 5432) else {
            throw TransformError(
                .profile, "the target's port is no number", location: location, hint: "write \"{{ env_var('PORT') | int }}\"")
        }
        return Credentials(
            host: try required("host"), port: port, user: try required("user"), password: string(values["password"]),
            database: try required("database"), schema: try required("schema"),
            connectTimeout: int(values["connect_timeout"]) ?? 10, role: string(values["role"]),
            searchPath: string(values["search_path"]).flatMap { $0.isEmpty ? nil : $0 },
            keepalivesIdle: int(values["keepalives_idle"]) ?? 0, sslMode: sslMode, sslParameters: ssl,
            applicationName: string(values["application_name"]) ?? "dbt", retries: int(values["retries"]) ?? 1,
            autocommit: values["autocommit"]?.bool ?? false)
    }

    private func string(_ value: JSON?) -> String? {
        switch value {
        case .string(let text): text
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .bool(let flag): String(flag)
        default: nil
        }
    }

    private func int(_ value: JSON?) -> Int? { value?.int ?? value?.string.flatMap { Int($0) } }

    /// The usual places: the option, the variable, the current folder, the project, the home folder.
    private func findFile() throws(TransformError) -> String {
        for folder in folders where ProjectFileSystem.exists(folder + "/profiles.yml") { return folder + "/profiles.yml" }
        throw TransformError(
            .profile, "there is no profiles.yml", hint: "looked in: \(folders.joined(separator: ", "))")
    }

    private var folders: [String] {
        if let folder = options.profilesDirectory ?? options.environment["DBT_PROFILES_DIR"], !folder.isEmpty {
            return [ProjectFileSystem.absolute(folder)]
        }
        let here = [FileManager.default.currentDirectoryPath, options.projectDirectory]
        return here + (options.environment["HOME"].map { [$0 + "/.dbt"] } ?? [])
    }

    /// Where profiles.yml is, or would be; as the command line names it, where it does.
    var expectedPath: String {
        if let folder = options.profilesDirectory { return folder + "/profiles.yml" }
        let found = folders.first { ProjectFileSystem.exists($0 + "/profiles.yml") }
        return (found ?? folders.last ?? ".") + "/profiles.yml"
    }

    private func displayName(of path: String) -> String {
        path.hasPrefix(options.projectDirectory + "/") ? String(path.dropFirst(options.projectDirectory.count + 1)) : path
    }
}
