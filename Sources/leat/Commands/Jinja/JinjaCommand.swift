import ArgumentParser

struct JinjaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jinja",
        abstract: "Render or check templates by themselves, without a project.",
        subcommands: [JinjaRender.self, JinjaCheck.self])
}
