import ArgumentParser
import Jinja

/// The options of Jinja's environment.
struct JinjaSyntaxOptions: ParsableArguments, Sendable {
    /// What names that do not exist give.
    enum UndefinedKind: String, CaseIterable, ExpressibleByArgument {
        case lenient = "default"
        case strict, chainable, debug
    }

    @Option(name: .long, help: "What a name that does not exist gives: default, strict, chainable or debug.")
    var undefined: UndefinedKind = .lenient

    @Flag(name: .long, help: "Escape the output for HTML.")
    var autoescape = false

    @Flag(name: .long, help: "Remove the line break after a statement.")
    var trimBlocks = false

    @Flag(name: .long, help: "Remove whitespace before a statement at the beginning of its line.")
    var lstripBlocks = false

    @Flag(name: .long, help: "Keep a line break at the end of the template.")
    var keepTrailingNewline = false

    @Option(name: .long, help: "A prefix that makes a line a statement.")
    var lineStatementPrefix: String?

    @Option(name: .long, help: "A prefix that makes the rest of a line a comment.")
    var lineCommentPrefix: String?

    var environment: Environment {
        var environment = Environment()
        switch undefined {
        case .lenient: break
        case .strict: environment.makeUndefined = { StrictUndefined($0) }
        case .chainable: environment.makeUndefined = { ChainableUndefined($0) }
        case .debug: environment.makeUndefined = { DebugUndefined($0) }
        }
        environment.autoescapes = autoescape
        environment.trimBlocks = trimBlocks
        environment.lstripBlocks = lstripBlocks
        environment.keepTrailingNewline = keepTrailingNewline
        environment.delimiters.lineStatementPrefix = lineStatementPrefix
        environment.delimiters.lineCommentPrefix = lineCommentPrefix
        return environment
    }
}
