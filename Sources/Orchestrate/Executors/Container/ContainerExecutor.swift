import Documents
import Foundation
import Kubernetes
import Synchronization

/// Does the work of attempts in containers of this machine's engine, one for each.
///
/// The container of an attempt has its name and labels from the attempt alone, as pods have: a creation whose answer was lost is
/// recognised, a restarted scheduler finds what still runs and goes on with it, and no attempt ever has two containers. It is removed
/// only after the end of its attempt is in the store.
package final class ContainerExecutor: Sendable {
    private let engine: ContainerEngine
    /// Whose containers these are, among those of other projects.
    private let project: String
    /// Containers whose attempts have ended and are not recorded yet.
    private let finished = Mutex<Set<String>>([])
    /// Containers on their way to be removed, counted.
    private let retiring = Mutex<(next: Int, tasks: [Int: Task<Void, Never>])>((0, [:]))

    package init(_ engine: ContainerEngine, project: String) {
        self.engine = engine
        self.project = project
    }

    /// Does the work of an attempt; see `TaskExecutor.execute`.
    /// - Parameter settings: made only where a container has to be made.
    package func execute(
        _ attempt: TaskAttempt, _ settings: () throws -> ContainerSettings, skipCodes: [Int], graceSeconds: Int,
        report: @escaping @Sendable (TaskReport) -> Void
    ) async throws -> TaskOutcome {
        let identity = PodIdentity(project: project, run: attempt.run.id, key: attempt.key)
        let name = identity.name
        let log = ContainerLog(attempt, report)
        do {
            try await place(attempt, identity, settings, report)
            report(.process("container \(name)"))
            try await follow(name, log)
            guard let end = try await engine.container(name) else { throw TaskFailure.containerLost(name) }
            try Task.checkCancellation()
            finished.withLock { _ = $0.insert(name) }
            return try Self.outcome(of: end, log, skipCodes, report)
        } catch {
            guard Task.isCancelled else { throw error }
            if !attempt.detachment.isWanted {
                // In a task of its own: this one is cancelled. What cannot be stopped is found by its label.
                await Task { [engine] in
                    try? await engine.stop(name, grace: graceSeconds)
                    // What it has said since it was asked to end.
                    log.begin()
                    try? await engine.follow(name) { log.take($0, isError: $1, goesOn: $2) }
                    try? await engine.remove(name)
                }.value
            }
            throw CancellationError()
        }
    }

    /// Sees to it that the container of the attempt is there and was started, once.
    private func place(
        _ attempt: TaskAttempt, _ identity: PodIdentity, _ settings: () throws -> ContainerSettings,
        _ report: @escaping @Sendable (TaskReport) -> Void
    ) async throws {
        func note(_ text: String) { report(.log(LogLine(text, stream: "container"))) }
        if attempt.resumption != .none {
            if let found = try await engine.container(identity.name) {
                note("takes up the container '\(identity.name)' again")
                // One that was made and not started has not begun.
                if !found.isRunning, !found.hasEnded { try await engine.start(identity.name) }
                return
            }
            // What has begun is not begun again.
            if attempt.resumption == .running { throw TaskFailure.containerLost(identity.name) }
        }
        // An earlier attempt whose process was killed must not go on beside this one.
        let label = "\(Self.taskLabel)=\(attempt.run.id)/\(attempt.task.id)"
        for other in try await engine.names(labels: [label, "\(PodIdentity.projectLabel)=\(PodIdentity.label(project))"])
        where other != identity.name {
            note("removes the container '\(other)' of an earlier attempt")
            try await engine.remove(other)
        }
        let settings = try settings()
        switch settings.pull {
        case .always: try await pull(settings.image, note)
        case .missing: if try await !engine.hasImage(settings.image) { try await pull(settings.image, note) }
        case .never:
            guard try await engine.hasImage(settings.image) else {
                throw TaskFailure(
                    "the image '\(settings.image)' is not here, and `pull: never` says that it is not to be pulled",
                    code: "container.image", isRetryable: false)
            }
        }
        try Task.checkCancellation()
        var labels = identity.labels
        labels[Self.fullLabel] = identity.annotations[PodIdentity.attemptAnnotation]
        labels[Self.taskLabel] = "\(attempt.run.id)/\(attempt.task.id)"
        let document = settings.document(labels: labels)
        // Not to be cancelled between the request and its answer: then nobody would know of the container.
        try await Task { [engine] in
            if try await !engine.create(identity.name, document) {
                let other = try await engine.container(identity.name)
                guard other?.labels[Self.fullLabel] == labels[Self.fullLabel] else {
                    throw TaskFailure(
                        "there is a container named '\(identity.name)' that is not of this attempt", code: "container.foreign",
                        hint: "remove it: docker rm \(identity.name)", isRetryable: false)
                }
                // Of a try whose answer was lost; what has begun is not begun again.
                if other?.isRunning == true || other?.hasEnded == true { return }
            }
            do {
                try await engine.start(identity.name)
            } catch {
                // It would be found, and taken for one that is to begin.
                try? await engine.remove(identity.name)
                throw error
            }
        }.value
        note("made the container '\(identity.name)' of the image '\(settings.image)'")
    }

    /// Which task of which run it is, in full: all attempts of it have the same.
    private static let taskLabel = "leat.dev/task-name"
    /// The attempt in full, which the other labels have no room for.
    private static let fullLabel = "leat.dev/attempt-name"

    private func pull(_ image: String, _ note: (String) -> Void) async throws {
        note("pulls the image '\(image)'")
        try await engine.pull(image)
    }

    /// Returns when the container has ended and all that it has written is read.
    private func follow(_ name: String, _ log: ContainerLog) async throws {
        var failures = 0
        while true {
            do {
                log.begin()
                try await engine.follow(name) { log.take($0, isError: $1, goesOn: $2) }
                try await engine.wait(name)
                // An engine may end the stream with the container, before it has read the last lines itself.
                let since = log.beginRest()
                try await engine.follow(name, since: since) { log.take($0, isError: $1, goesOn: $2) }
                return
            } catch let failure as TaskFailure where failure.code == "container.engine" && failures < 30 {
                // The engine is started anew; containers may outlive that.
                try Task.checkCancellation()
                failures += 1
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private static func outcome(
        of end: ContainerEngine.State, _ log: ContainerLog, _ skipCodes: [Int], _ report: (TaskReport) -> Void
    ) throws -> TaskOutcome {
        if end.wasOutOfMemory {
            throw TaskFailure(
                "the container met its limit of memory and was killed", code: "container.out_of_memory",
                hint: "give it more: `memory:`", details: log.tail)
        }
        if end.exitCode == 0, end.error.isEmpty {
            let output = log.lastOutput
            if output.json == nil { report(.log(output.warning)) }
            return TaskOutcome(output: output.json ?? .null)
        }
        if skipCodes.contains(end.exitCode) { return .skipped("exit code \(end.exitCode)") }
        throw TaskFailure(
            "the container ended with exit code \(end.exitCode)" + (end.error.isEmpty ? "" : ": \(end.error)"),
            code: "container.exit_code", hint: end.exitCode == 137 ? "it was killed: was memory short?" : nil, details: log.tail,
            output: ["exit_code": .int(end.exitCode)])
    }

    /// The end of an attempt is in the store: its container may go.
    package func attemptWasRecorded(_ attempt: TaskAttempt) {
        let name = PodIdentity(project: project, run: attempt.run.id, key: attempt.key).name
        guard finished.withLock({ $0.remove(name) != nil }) else { return }
        retiring.withLock { state in
            state.next += 1
            let number = state.next
            state.tasks[number] = Task {
                try? await engine.remove(name)
                retiring.withLock { $0.tasks[number] = nil }
            }
        }
    }

    /// Finishes what is being removed. No attempt may be under way.
    package func close() async { for task in retiring.withLock({ Array($0.tasks.values) }) { await task.value } }
}

extension TaskFailure {
    /// A container is gone whose end nobody has seen.
    fileprivate static func containerLost(_ name: String) -> TaskFailure {
        TaskFailure(
            "the container '\(name)' of this attempt is not there any more, so nobody knows how it ended", code: "container.lost",
            hint: "was it removed by hand?")
    }
}
