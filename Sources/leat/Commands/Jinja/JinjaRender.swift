import ArgumentParser
import Dispatch
import Documents
import Foundation
import Jinja
import Synchronization
import Transform

struct JinjaRender: ParsableCommand, Sendable {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Render a template and print the text.",
        discussion: """
            Templates that it includes, imports or extends are looked for in its folder, then in those of --include.
            The language is Jinja2 3.1 with the extensions do and loopcontrols.
            """)

    @Argument(help: "The template's file; - for standard input.")
    var template: String

    @Option(name: .long, help: "A JSON file with an object: the variables. - for standard input.")
    var vars: String?

    @Option(name: .long, help: "A further folder for included templates.")
    var include: [String] = []

    @Flag(name: .long, help: "Print the value of a template that is one expression, as dbt renders its YAML.")
    var native = false

    @OptionGroup var syntax: JinjaSyntaxOptions

    @Option(name: .long, help: "How deep macros may call each other.")
    var maxDepth: Int?

    @Option(name: .long, help: "How many loop passes and calls there may be.")
    var maxSteps: Int?

    @Option(name: .long, help: "How many bytes the text may have.")
    var maxOutputBytes: Int?

    @Option(name: .long, help: "How many elements a range may have.")
    var maxRange: Int?

    mutating func validate() throws {
        if template == "-" && vars == "-" { throw ValidationError("--vars and the template cannot both be standard input") }
        for (name, limit) in [("depth", maxDepth), ("steps", maxSteps), ("output-bytes", maxOutputBytes), ("range", maxRange)] {
            if let limit, limit < 1 { throw ValidationError("--max-\(name) must be at least 1") }
        }
    }

    func run() throws {
        // Calls need stack: where more of them are allowed than by themselves, so much more of it.
        guard let maxDepth, maxDepth > Limits().depth else { return try render() }
        let outcome = Mutex<Result<Void, any Error>>(.success(()))
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            let result = Result { try render() }
            outcome.withLock { $0 = result }
            ended.signal()
        }
        thread.stackSize = min(maxDepth, Self.deepest) * Self.stackPerLevel
        thread.start()
        ended.wait()
        try outcome.withLock { $0 }.get()
    }

    /// Bytes of stack for a level of calls with their expressions, in a debug build.
    private static let stackPerLevel = 32 << 10
    /// 160 MB; deeper calls end with an error where the stack does.
    private static let deepest = 5_000

    private func render() throws {
        var environment = syntax.environment
        if let maxDepth { environment.limits.depth = maxDepth }
        if let maxSteps { environment.limits.steps = maxSteps }
        if let maxOutputBytes { environment.limits.outputBytes = maxOutputBytes }
        if let maxRange { environment.limits.rangeLength = maxRange }
        let folder = template == "-" ? "." : URL(filePath: template).deletingLastPathComponent().path
        environment.loader = FolderLoader(folders: [folder] + include)
        let variables = try variables()
        let name = template == "-" ? "<stdin>" : template
        let parsed = try Template(source: try InputFile.text(template), name: name, environment: environment)
        let runtime = Runtime(environment: environment)
        if native {
            Output.write(try runtime.renderNative(parsed, locals: variables).pythonRepr)
        } else {
            Output.raw(try runtime.render(parsed, locals: variables))
        }
    }

    private func variables() throws -> [String: Value] {
        guard let vars else { return [:] }
        let json = try JSON(parsing: try InputFile.text(vars), file: vars == "-" ? "<stdin>" : vars)
        guard case .object(let members) = json else {
            throw ValidationError("\(vars) must hold a JSON object: names and values of variables")
        }
        return Dictionary(members.entries.map { ($0.key, Value($0.value)) }, uniquingKeysWith: { $1 })
    }
}
