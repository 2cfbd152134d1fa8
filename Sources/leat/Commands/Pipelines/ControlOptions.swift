import ArgumentParser
import Documents
import Foundation
import Orchestrate
import Project

/// Options of every command that looks at pipelines and runs, or steers them.
struct ControlOptions: ParsableArguments {
    @OptionGroup var project: ProjectOptions

    @Flag(name: .long, help: "Print JSON, for programs.")
    var json = false

    func open() throws -> ProjectControl { try ProjectControl(try project.load()) }

    /// For variables, connections and secrets, without which the rest of leat.yml may not be read.
    func openValues() throws -> ProjectControl { try ProjectControl(try project.load(.variables)) }

    /// Prints one or the other.
    func show(_ object: @autoclosure () -> JSON, _ text: @autoclosure () -> String) {
        Output.write(json ? object().text() : text())
    }

    /// What a person should know when nobody hears what was asked for.
    func warnWithoutScheduler(_ control: ProjectControl, _ what: String) {
        guard !control.control.hasScheduler else { return }
        Output.write("No scheduler is running: \(what) once `leat serve` runs.", to: .standardError)
    }
}

/// A command with `--json`.
protocol ControlCommand: AsyncParsableCommand, FormattedCommand {
    var options: ControlOptions { get }
}

extension ControlCommand {
    var logFormat: LogFormat { options.json ? .json : .text }
}

/// What shells offer for names, when the user presses the tab key.
enum Completions {
    static let pipelines = CompletionKind.custom { _, _, _ in names() }
    static let runs = CompletionKind.custom { _, _, _ in names() }

    private static func names() -> [String] {
        guard let project = try? LeatProject.load(from: FileManager.default.currentDirectoryPath) else { return [] }
        return project.pipelines.map(\.name) + project.connections.map { "sync.\($0.name)" }
    }
}
