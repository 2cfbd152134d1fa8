import Foundation
import Processes

/// Python's Jinja2, where there is one.
enum PythonJinja {
    /// The interpreter: that of LEAT_FUZZ_PYTHON, else `python3`.
    static let interpreter = ProcessInfo.processInfo.environment["LEAT_FUZZ_PYTHON"] ?? "python3"

    /// Whether the interpreter has jinja2 3.1.
    static let isAvailable: Bool = {
        let check = "import jinja2, sys; sys.exit(not jinja2.__version__.startswith('3.1.'))"
        return (try? FinishedProcess.run([interpreter, "-c", check]))?.status == .exited(0)
    }()

    /// What Python makes of a template: its text, or nil for an error or when it took too long.
    static func render(_ cases: [CorpusCase], _ path: String = #filePath) throws -> [String?] {
        let script = URL(filePath: path).deletingLastPathComponent().appending(path: "reference.py")
        let folder = FileManager.default.temporaryDirectory.appending(path: "leat-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "cases.json"), folder.appending(path: "texts.json"))
        try JSONEncoder().encode(cases).write(to: input)
        _ = try FinishedProcess.run([interpreter, script.path, input.path, output.path])
        return try JSONDecoder().decode([String?].self, from: Data(contentsOf: output))
    }
}
