package import Diagnostics
import Orchestrate

/// Looks over a whole project without running or connecting to anything.
package struct ProjectValidation: Sendable {
    /// Everything that is wrong; empty for a project that can run.
    package let problems: [any UserFacingError]
    package let pipelines: Int
    package let tasks: Int

    /// - Parameters:
    ///   - load: reads leat.yml.
    ///   - includesDbt: whether the dbt projects are read too.
    package static func run(includesDbt: Bool = true, _ load: () throws -> LeatProject) async -> ProjectValidation {
        let project: LeatProject
        do {
            project = try load()
        } catch {
            return ProjectValidation(problems: [readable(error)], pipelines: 0, tasks: 0)
        }
        var problems: [any UserFacingError] = project.definitionProblems.map(\.error)
        var tasks = 0
        for entry in project.pipelines {
            do {
                let pipeline =
                    includesDbt
                    ? try await PipelineRun.prepare(pipeline: entry.name, of: project).pipeline
                    : try PipelineBuilder(entry: entry, dbtGraphs: [:]).pipeline()
                problems += pipeline.problems()
                tasks += pipeline.tasks.count
            } catch {
                problems.append(readable(error))
            }
        }
        problems += ProjectConnectors(project).problems().map(readable)
        for connection in project.connections {
            do {
                _ = try project.definition(of: connection)
            } catch {
                problems.append(readable(error))
            }
        }
        // A connection that a pipeline uses would be told of twice.
        var seen: Set<String> = []
        problems = problems.filter { seen.insert($0.description).inserted }
        return ProjectValidation(problems: problems, pipelines: project.pipelines.count, tasks: tasks)
    }

    private static func readable(_ error: any Error) -> any UserFacingError {
        error as? any UserFacingError ?? TaskFailure(error)
    }
}
