import ArgumentParser
import Documents
import Orchestrate
import Project

struct Pause: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pause pipelines: nothing of them begins any more. Runs under way go on.")

    @Argument(help: "Names of pipelines.", completion: Completions.pipelines)
    var pipelines: [String]

    @OptionGroup var options: ControlOptions

    mutating func run() async throws { try await setPaused(true, pipelines, options) }
}

struct Unpause: ControlCommand {
    static let configuration = CommandConfiguration(abstract: "Let paused pipelines go on.")

    @Argument(help: "Names of pipelines.", completion: Completions.pipelines)
    var pipelines: [String]

    @OptionGroup var options: ControlOptions

    mutating func run() async throws { try await setPaused(false, pipelines, options) }
}

private func setPaused(_ isPaused: Bool, _ names: [String], _ options: ControlOptions) async throws {
    let control = try options.open()
    // All names are looked at before the first is touched.
    let ids = try names.map { try control.pipeline($0).definition.id }
    for id in ids { try await control.control.setPaused(isPaused, of: id) }
    let objects = ids.map { JSON.object(JSON.Members([("pipeline", .string($0.rawValue)), ("is_paused", .bool(isPaused))])) }
    options.show(.array(objects), ids.map { "\($0) is \(isPaused ? "paused" : "unpaused")" }.joined(separator: "\n"))
    if !isPaused { options.warnWithoutScheduler(control, "its schedule is obeyed") }
}
