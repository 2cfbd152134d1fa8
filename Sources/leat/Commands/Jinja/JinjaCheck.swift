import ArgumentParser
import Foundation
import Jinja
import Transform

struct JinjaCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say which templates of a folder cannot be parsed.",
        discussion: """
            In folders it looks for files that end in .sql, .jinja, .jinja2 and .j2. With --dbt it knows dbt's tags (test,
            materialization, snapshot, docs) and reads the .md files with docs blocks too.
            """)

    @Argument(help: "Files and folders.")
    var paths: [String]

    @Flag(name: .long, help: "Know dbt's tags.")
    var dbt = false

    @OptionGroup var syntax: JinjaSyntaxOptions

    func run() throws {
        let environment = dbt ? TemplateEngine.environment : syntax.environment
        var count = 0
        var failures = 0
        for file in try paths.flatMap(files) {
            do {
                let source = try InputFile.text(file)
                if file.hasSuffix(".md") && !source.contains("{% docs") && !source.contains("{%- docs") { continue }
                count += 1
                _ = try Template(source: source, name: file, environment: environment)
            } catch {
                failures += 1
                Output.write("\(error)", to: .standardError)
            }
        }
        Output.write("\(Figures.counted(count, "template")), \(failures == 0 ? "all well" : "\(failures) with errors")")
        if failures > 0 { throw ExitCode(1) }
    }

    private func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ValidationError("there is no '\(path)'")
        }
        guard isFolder.boolValue else { return [path] }
        let endings = [".sql", ".jinja", ".jinja2", ".j2"] + (dbt ? [".md"] : [])
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in endings.contains { name.hasSuffix($0) } }.sorted().map { "\(path)/\($0)" }
    }
}
