import Foundation

/// Python's Jinja2, where there is one.
enum PythonJinja {
    /// The interpreter: that of LEAT_FUZZ_PYTHON, else `python3`.
    static let interpreter = ProcessInfo.processInfo.environment["LEAT_FUZZ_PYTHON"] ?? "python3"

    /// Whether the interpreter has jinja2 3.1.
    static let isAvailable: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [interpreter, "-c", "import jinja2, sys; sys.exit(not jinja2.__version__.startswith('3.1.'))"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// What Python makes of a template: its text, or nil for an error or when it took too long.
    static func render(_ cases: [CorpusCase], _ path: String = #filePath) throws -> [String?] {
        let script = URL(filePath: path).deletingLastPathComponent().appending(path: "reference.py")
        let folder = FileManager.default.temporaryDirectory.appending(path: "leat-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "cases.json"), folder.appending(path: "texts.json"))
        try JSONEncoder().encode(cases).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [interpreter, script.path, input.path, output.path]
        try process.run()
        process.waitUntilExit()
        return try JSONDecoder().decode([String?].self, from: Data(contentsOf: output))
    }
}
