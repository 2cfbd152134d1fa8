package import Orchestrate
import Synchronization

/// A project as its leat.yml says at the moment: the file is read again when it has changed, and while it is wrong, the last
/// state that was right counts.
package final class CurrentProject: Sendable {
    private struct State {
        var project: LeatProject
        var pipelines: [ScheduledPipeline]
        var stamp: FileStamp?
    }

    private let read: @Sendable () throws -> LeatProject
    private let state: Mutex<State>

    /// - Parameter read: reads the project's file.
    /// - Throws: what is wrong with one of its pipelines.
    package init(_ project: LeatProject, read: @escaping @Sendable () throws -> LeatProject) throws {
        self.read = read
        state = Mutex(
            State(project: project, pipelines: try ProjectPipelines.scheduled(project), stamp: Self.stamp(of: project)))
    }

    package var project: LeatProject { current.project }

    /// Its pipelines, without the tasks that only dbt projects know; those of single connections last.
    package var pipelines: [ScheduledPipeline] { current.pipelines }

    private var current: State {
        state.withLock { state in
            let stamp = Self.stamp(of: state.project)
            guard stamp != state.stamp else { return state }
            state.stamp = stamp
            if let project = try? read(), let pipelines = try? ProjectPipelines.scheduled(project) {
                state.project = project
                state.pipelines = pipelines
            }
            return state
        }
    }

    private static func stamp(of project: LeatProject) -> FileStamp? {
        FileStamp(project.directory + "/" + LeatProject.fileName)
    }
}
