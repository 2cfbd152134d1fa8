import Foundation
import Orchestrate
import Synchronization

/// The containers of one run's tasks. The engine is reached when the first of them wants it.
final class ProjectContainers: Sendable {
    private let executor = Mutex<ContainerExecutor?>(nil)

    /// - Throws: `TaskFailure` with code `container.no_engine`.
    private func executor(of project: LeatProject) throws -> ContainerExecutor {
        try executor.withLock { known in
            if let known { return known }
            let engine = ContainerEngine(try EngineAddress.find(environment: project.environment))
            let executor = ContainerExecutor(engine, project: project.containerOwner)
            known = executor
            return executor
        }
    }

    /// Does the work of an attempt.
    func execute(
        _ task: TaskEntry.ContainerTask, _ attempt: TaskAttempt, of project: LeatProject, _ renderer: TaskRenderer,
        report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        try await executor(of: project).execute(
            attempt, { try task.settings(attempt, project, renderer) }, skipCodes: task.skipCodes,
            graceSeconds: task.graceSeconds,
            report: report)
    }

    func attemptWasRecorded(_ attempt: TaskAttempt) { executor.withLock { $0 }?.attemptWasRecorded(attempt) }

    /// Finishes what is being removed.
    func close() async { await executor.withLock { $0 }?.close() }
}

extension LeatProject {
    /// What tells the containers of this project from those of another of the same name on this machine.
    var containerOwner: String { "\(name)@\(URL(filePath: directory).resolvingSymlinksInPath().path)" }
}

extension TaskEntry.ContainerTask {
    /// What the container is made of.
    /// - Throws: `TaskFailure` at the template that is wrong.
    fileprivate func settings(
        _ attempt: TaskAttempt, _ project: LeatProject, _ renderer: TaskRenderer
    ) throws -> ContainerSettings {
        var variables = [
            "LEAT_PIPELINE": attempt.run.id.pipeline.rawValue, "LEAT_RUN_ID": attempt.run.id.name,
            "LEAT_TASK_ID": attempt.task.id.rawValue, "LEAT_TRY_NUMBER": String(attempt.number),
        ]
        for (name, value) in environment { variables[name] = try renderer.text(value) }
        var words = try command.map { try renderer.text($0) }
        if isShell, !words.isEmpty { words = Self.shell(words[0]) }
        let hidden = renderer.globals.values.hidden
        if isShell, words.contains(where: { hidden.masked($0) != $0 }) {
            // Arguments stand in this machine's list of processes, which others can see; the environment does not.
            variables["LEAT_SCRIPT"] = words.last
            words = Self.shell(#"s=$LEAT_SCRIPT; unset LEAT_SCRIPT; eval "$s""#)
        } else if words.contains(where: { hidden.masked($0) != $0 }) {
            throw TaskFailure(
                "a secret would be an argument of the program, where others on this machine can see it", code: "container.secret",
                hint: "hand it over in `env:`, or write the command as one text for the shell", isRetryable: false)
        }
        return ContainerSettings(
            image: try renderer.text(image), command: words, entrypoint: try entrypoint?.map { try renderer.text($0) },
            environment: variables, volumes: try volumes.map { Self.volume(try renderer.text($0), of: project) },
            network: try network.map { try renderer.text($0) }, directory: try directory.map { try renderer.text($0) },
            user: try user.map { try renderer.text($0) }, cpus: cpus, memory: memory, pull: pull, graceSeconds: graceSeconds,
            skipCodes: skipCodes, ulimits: ulimits)
    }

    private static func shell(_ script: String) -> [String] { ["/bin/sh", "-c", script] }

    /// A folder of the host may be named as seen from leat.yml: `./data:/data`.
    private static func volume(_ text: String, of project: LeatProject) -> String {
        guard text.hasPrefix("./") || text.hasPrefix("../") else { return text }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let path = URL(filePath: project.path(parts[0])).standardizedFileURL.path
        return ([path] + parts.dropFirst()).joined(separator: ":")
    }
}
