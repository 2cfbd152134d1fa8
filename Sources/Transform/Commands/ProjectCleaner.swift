import Documents
import Foundation

/// Deletes the folders that a project lists under `clean-targets`.
package struct ProjectCleaner: Sendable {
    private let definition: ProjectDefinition
    private let folder: String

    /// - Throws: ``TransformError`` where dbt_project.yml cannot be read.
    package init(_ options: InvocationOptions) throws {
        folder = ProjectFileSystem.absolute(options.projectDirectory)
        var scope = StaticScope()
        // As in dbt, without a profile.
        scope.target = JSON.Members()
        scope.environment = options.environment
        scope.variables = Variables(commandLine: options.vars)
        definition = try ProjectReader(renderer: YAMLRenderer(scope: scope)).read(folder: folder)
    }

    /// Deletes them, and tells of each before and after.
    ///
    /// - Parameter projectOnly: whether folders outside of the project are refused.
    /// - Throws: ``TransformError`` where a folder holds sources, or lies outside of the project.
    package func clean(projectOnly: Bool, started: (String) -> Void, finished: (String) -> Void) throws {
        let paths = Set(definition.cleanTargets.map(absolute)).sorted()
        let sources = Set((definition.allSourcePaths + definition.testPaths).map(absolute))
        let refused = paths.filter(sources.contains)
        guard refused.isEmpty else {
            throw TransformError(.project, "dbt will not clean the following source paths: \(Self.list(refused))")
        }
        let outside = paths.filter { !$0.hasPrefix(folder + "/") }
        if projectOnly, !outside.isEmpty {
            throw TransformError(
                .project, "dbt will not clean the following directories outside the project: \(Self.list(outside))",
                hint: "--no-clean-project-files-only allows it")
        }
        for path in paths {
            started(path)
            try? FileManager.default.removeItem(atPath: path)
            finished(path)
        }
    }

    private func absolute(_ path: String) -> String {
        ProjectFileSystem.absolute(ProjectFileSystem.resolve(path, in: folder))
    }

    private static func list(_ paths: [String]) -> String { "[\(paths.map { "'\($0)'" }.joined(separator: ", "))]" }
}
