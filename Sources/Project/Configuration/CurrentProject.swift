import Diagnostics
package import Orchestrate
import Synchronization

/// A project as its leat.yml and its definitions say at the moment: they are read again when they have changed, and while the file is
/// wrong, the last state that was right counts.
package final class CurrentProject: Sendable {
    private struct State {
        var project: LeatProject
        var pipelines: [ScheduledPipeline]
        var stamp: ProjectStamp
        var problem: Problem?
    }

    /// What is wrong with the file at the moment.
    package struct Problem: Sendable {
        /// The error in words.
        package let text: String
        /// When it was met.
        package let since: Timestamp
    }

    private let read: @Sendable () throws -> LeatProject
    private let state: Mutex<State>

    /// - Parameter read: reads the project's file.
    /// - Throws: what is wrong with one of its pipelines.
    package init(_ project: LeatProject, read: @escaping @Sendable () throws -> LeatProject) throws {
        self.read = read
        state = Mutex(
            State(project: project, pipelines: try ProjectPipelines.scheduled(project), stamp: ProjectStamp(of: project)))
    }

    package var project: LeatProject { current.project }

    /// Its pipelines, without the tasks that only dbt projects know; those of single connections last.
    package var pipelines: [ScheduledPipeline] { current.pipelines }

    /// What is wrong with the file, while the last state that was right counts; nil where nothing is.
    package var problem: Problem? { current.problem }

    private var current: State {
        state.withLock { state in
            let stamp = ProjectStamp(of: state.project)
            guard stamp != state.stamp else { return state }
            state.stamp = stamp
            do {
                let project = try read()
                state.pipelines = try ProjectPipelines.scheduled(project)
                state.project = project
                state.problem = nil
            } catch {
                let text = (error as? any UserFacingError).map { error in
                    (error.location.map { "\($0): " } ?? "") + error.message + (error.hint.map { "; \($0)" } ?? "")
                }
                state.problem = Problem(text: text ?? "\(error)", since: .now)
            }
            return state
        }
    }
}
