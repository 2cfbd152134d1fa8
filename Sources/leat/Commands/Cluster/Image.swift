import ArgumentParser
import Foundation
import Project

struct Image: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Images of the project, for pods.", subcommands: [ImageBuild.self])
}

struct ImageBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Lay the project over the image of Leat, with docker, podman or buildah.",
        discussion: "What is left out: .leat, target, logs, .git, .env and the like.")

    @Option(name: .shortAndLong, help: "What the image is called, such as registry:5000/shop:1.")
    var tag: String

    @Option(name: .long, help: "The image of Leat: deploy/Containerfile makes it.")
    var base = "leat"

    @Option(name: .long, help: "docker, podman or buildah; the first that is there otherwise.")
    var engine: String?

    @Flag(name: .long, help: "Push it to its registry.")
    var push = false

    @Flag(name: .long, help: "The registry has no TLS.")
    var insecure = false

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let image = ProjectImage(base: base, tag: tag, engine: engine, pushes: push, isInsecure: insecure)
        // Only its folder matters: what the file reads of the environment need not be there.
        try await image.build(try project.load(.services)) { Output.write($0) }
        Output.write("\(push ? "pushed" : "built") \(tag)")
    }
}
