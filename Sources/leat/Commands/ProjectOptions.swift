import ArgumentParser
import Foundation
import Project

/// Options of every command that works on a project.
struct ProjectOptions: ParsableArguments {
    @Option(name: .long, help: "Folder of leat.yml, or any folder below it.")
    var projectDir: String?

    /// The project, read and checked.
    func load(_ scope: LeatProject.Scope = .all) throws -> LeatProject {
        try LeatProject.load(from: projectDir ?? FileManager.default.currentDirectoryPath, scope: scope)
    }
}
