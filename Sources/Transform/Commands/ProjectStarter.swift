import Foundation

/// Begins a project: the folders, a first model, and a profile to fill in.
package struct ProjectStarter: Sendable {
    private let folder: String
    private let environment: [String: String]

    package init(folder: String, environment: [String: String]) {
        self.folder = ProjectFileSystem.absolute(folder)
        self.environment = environment
    }

    /// Whether the folder is a project already: then only the profile is missing.
    package var isInsideProject: Bool { ProjectFileSystem.exists(folder + "/dbt_project.yml") }

    /// The profile that the project names.
    package var profileName: String? {
        let path = folder + "/dbt_project.yml"
        guard let text = try? ProjectFileSystem.text(of: path, calledInErrors: "dbt_project.yml") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("profile:") }
        return line.map { $0.dropFirst(8).filter { !" '\"".contains($0) } }
    }

    /// Writes a new project into a folder of its name.
    ///
    /// - Throws: ``TransformError`` where the name cannot be one, or the folder exists.
    package func create(named name: String) throws {
        guard let first = name.first, first.isLetter || first == "_",
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else {
            throw TransformError(
                .project, "'\(name)' is not a valid project name",
                hint: "a name holds letters, digits and underscores, and does not begin with a digit")
        }
        let project = folder + "/" + name
        guard !ProjectFileSystem.exists(project) else {
            throw TransformError(.project, "a project called \(name) already exists here")
        }
        for (path, text) in Self.files(name) { try ProjectFileSystem.write(Array(text.utf8), to: project + "/" + path) }
    }

    /// Adds a profile with placeholders to profiles.yml.
    ///
    /// - Returns: the path of the file; nil where it has such a profile already.
    package func writeProfile(named name: String, in profilesFolder: String?) throws -> String? {
        let home = environment["HOME"] ?? folder
        let path = (profilesFolder.map(ProjectFileSystem.absolute) ?? home + "/.dbt") + "/profiles.yml"
        let old = ProjectFileSystem.exists(path) ? try ProjectFileSystem.text(of: path, calledInErrors: path) : ""
        guard !old.split(separator: "\n").contains(where: { $0.hasPrefix(name + ":") }) else { return nil }
        let separator = old.isEmpty || old.hasSuffix("\n") ? "" : "\n"
        try ProjectFileSystem.write(Array((old + separator + Self.profile(name)).utf8), to: path)
        return path
    }

    private static func profile(_ name: String) -> String {
        """
        \(name):
          target: dev
          outputs:
            dev:
              type: postgres
              host: localhost
              port: 5432
              user: "{{ env_var('PGUSER', 'postgres') }}"
              password: "{{ env_var('PGPASSWORD', '') }}"
              dbname: postgres
              schema: \(name)
              threads: 4

        """
    }

    private static func files(_ name: String) -> [(String, String)] {
        [
            (
                "dbt_project.yml",
                """
                name: \(name)
                version: '1.0.0'
                profile: \(name)

                model-paths: ["models"]
                analysis-paths: ["analyses"]
                test-paths: ["tests"]
                seed-paths: ["seeds"]
                macro-paths: ["macros"]
                snapshot-paths: ["snapshots"]

                clean-targets: ["target", "dbt_packages"]

                models:
                  \(name):
                    example:
                      +materialized: view

                """
            ),
            (
                "models/example/my_first_model.sql",
                """
                {{ config(materialized='table') }}

                select 1 as id
                union all
                select 2 as id

                """
            ),
            ("models/example/my_second_model.sql", "select * from {{ ref('my_first_model') }} where id = 1\n"),
            (
                "models/example/schema.yml",
                """
                models:
                  - name: my_first_model
                    description: A model to begin with
                    columns:
                      - name: id
                        description: The key
                        data_tests: [unique, not_null]

                  - name: my_second_model
                    columns:
                      - name: id
                        data_tests: [unique, not_null]

                """
            ), (".gitignore", "target/\ndbt_packages/\nlogs/\n"), ("analyses/.gitkeep", ""), ("macros/.gitkeep", ""),
            ("seeds/.gitkeep", ""), ("snapshots/.gitkeep", ""), ("tests/.gitkeep", ""),
        ]
    }
}
