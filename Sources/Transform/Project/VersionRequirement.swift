/// `require-dbt-version`: which versions of dbt a project or package is made for.
enum VersionRequirement {
    /// - Throws: ``TransformError`` where the dbt that Leat stands for is none of them.
    static func check(_ project: ProjectDefinition) throws(TransformError) {
        let wanted = project.requireDbtVersion.flatMap { $0.split(separator: ",") }.map { String($0).trimmingSpaces }
        guard let installed = SemanticVersion(Invocation.dbtVersion), !wanted.allSatisfy(installed.satisfies) else { return }
        let list = wanted.map { "'\($0.first?.isNumber ?? false ? "=" + $0 : $0)'" }.joined(separator: ", ")
        throw TransformError(
            .project,
            """
            This version of dbt is not supported with the '\(project.name)' package.
              Installed version of dbt: =\(Invocation.dbtVersion)
              Required version of dbt for '\(project.name)': [\(list)]
            Check for a different version of the '\(project.name)' package, or run dbt again with --no-version-check
            """, location: project.location)
    }
}
