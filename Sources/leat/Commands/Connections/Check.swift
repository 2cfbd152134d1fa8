import ArgumentParser
import Connectors
import Diagnostics
import Project

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that the sources and destinations can be reached and used.",
        discussion: "Connects, logs in and looks at the rights that a sync needs. Writes nothing.")

    @Argument(help: "Name of a source or destination of leat.yml; all of them without it.")
    var name: String?

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let style = Style(for: .standardOutput)
        let checks = try await ProjectConnectors(try project.load()).check(name)
        var hasFailed = false
        for check in checks {
            let subject = "\(check.role.rawValue) \(check.name)"
            switch check.result {
            case .success(let report):
                Output.write("\(style("ok", .green))      \(subject): \(report.summary)")
                for remark in report.remarks { Output.write("        \(style("note: \(remark)", .yellow))") }
            case .failure(let error):
                hasFailed = true
                let lines = ErrorPrinter.describe(error).split(separator: "\n", omittingEmptySubsequences: false)
                Output.write("\(style("failed", .red))  \(subject): \(lines.joined(separator: "\n      "))")
            }
        }
        if hasFailed { throw ExitCode.failure }
    }
}
