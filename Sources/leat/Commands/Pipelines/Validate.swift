import ArgumentParser
import Diagnostics
import Documents
import Project

struct Validate: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check leat.yml, all pipelines and the dbt projects, without connecting to anything.",
        discussion: "The exit code is 0 where all is well, else 2. `leat schema` prints the JSON Schema of leat.yml for editors.")

    @Flag(name: .long, help: "Leave the dbt projects out.")
    var skipDbt = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let options = options
        let result = await ProjectValidation.run(includesDbt: !skipDbt) { try options.project.load() }
        if options.json {
            Output.write(
                JSON.object(
                    JSON.Members([
                        ("valid", .bool(result.problems.isEmpty)), ("pipelines", .int(result.pipelines)),
                        ("tasks", .int(result.tasks)), ("problems", .array(result.problems.map(Self.json))),
                    ])
                ).text())
        } else if result.problems.isEmpty {
            let style = Style(for: .standardOutput)
            Output.write(
                style("all well", .green)
                    + ": \(Figures.counted(result.pipelines, "pipeline")) with \(Figures.counted(result.tasks, "task"))")
        } else {
            for problem in result.problems { ErrorPrinter.print(problem) }
        }
        if !result.problems.isEmpty { throw ExitCode(2) }
    }

    private static func json(_ error: any UserFacingError) -> JSON {
        [
            "code": .string(error.code), "message": .string(error.message),
            "file": error.location.map { .string($0.file) } ?? .null,
            "line": error.location?.line.map { .int($0) } ?? .null,
            "column": error.location?.column.map { .int($0) } ?? .null,
            "hint": error.hint.map { .string($0) } ?? .null, "details": .array(error.details.map { .string($0) }),
        ]
    }
}

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of leat.yml, or of files under pipelines/.",
        discussion: """
            For completion and checks in an editor: `leat schema > leat.schema.json`, and in leat.yml's first line
            # yaml-language-server: $schema=leat.schema.json
            """)

    @Flag(name: .long, help: "That of a file under pipelines/.")
    var pipeline = false

    mutating func run() throws { Output.write(pipeline ? try LeatProject.pipelineSchema() : LeatProject.schema) }
}
