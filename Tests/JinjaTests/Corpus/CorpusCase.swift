import Foundation
import Jinja

/// A template with what Python's Jinja2 makes of it.
struct CorpusCase: Codable, Sendable {
    var template: String
    /// A Python literal.
    var context: String?
    var options: [String: String]?
    var templates: [String: String]?
    var output: String?
    var error: String?
    var line: Int?

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cases")

    /// The cases of a topic.
    static func load(_ topic: String) throws -> [CorpusCase] {
        let data = try Data(contentsOf: folder.appending(path: topic + ".json"))
        return try JSONDecoder().decode([CorpusCase].self, from: data)
    }

    /// All topics.
    static func topics() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// The environment that the options describe.
    var environment: Environment {
        var environment = Environment()
        if let templates { environment.loader = DictionaryLoader(templates) }
        for (key, value) in options ?? [:] { CorpusCase.set(key, value, &environment) }
        return environment
    }

    private static func set(_ key: String, _ value: String, _ environment: inout Environment) {
        switch key {
        case "trim_blocks": environment.trimBlocks = value == "1"
        case "lstrip_blocks": environment.lstripBlocks = value == "1"
        case "keep_trailing_newline": environment.keepTrailingNewline = value == "1"
        case "autoescape": environment.autoescapes = value == "1"
        case "newline_sequence": environment.newlineSequence = value
        case "block_start_string": environment.delimiters.blockStart = value
        case "block_end_string": environment.delimiters.blockEnd = value
        case "variable_start_string": environment.delimiters.variableStart = value
        case "variable_end_string": environment.delimiters.variableEnd = value
        case "comment_start_string": environment.delimiters.commentStart = value
        case "comment_end_string": environment.delimiters.commentEnd = value
        case "line_statement_prefix": environment.delimiters.lineStatementPrefix = value
        case "line_comment_prefix": environment.delimiters.lineCommentPrefix = value
        case "undefined":
            switch value {
            case "strict": environment.makeUndefined = { StrictUndefined($0) }
            case "chainable": environment.makeUndefined = { ChainableUndefined($0) }
            case "debug": environment.makeUndefined = { DebugUndefined($0) }
            default: break
            }
        default: break
        }
    }

    /// Renders the template with small limits, for templates that may ask for anything.
    func renderLimited() throws -> String {
        var environment = environment
        environment.limits.steps = 200_000
        environment.limits.outputBytes = 4 << 20
        environment.limits.rangeLength = 100_000
        environment.limits.depth = 200
        return try render(environment)
    }

    /// Renders the template as the corpus script does.
    func render() throws -> String { try render(environment) }

    private func render(_ environment: Environment) throws -> String {
        let parsed = try Template(source: template, environment: environment)
        let runtime = Runtime(environment: environment)
        let context = PythonLiteral.parse(context ?? "{}")?.dictValue ?? Dict()
        let locals = Dictionary(context.pairs.map { ($0.key.pythonString, $0.value) }, uniquingKeysWith: { $1 })
        if options?["native"] == "1" { return try runtime.renderNative(parsed, locals: locals).pythonRepr }
        return try runtime.render(parsed, locals: locals)
    }
}
