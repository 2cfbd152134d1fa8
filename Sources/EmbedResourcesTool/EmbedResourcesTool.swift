import Foundation

/// `EmbedResourcesTool NAME FOLDER OUTPUT`: writes `enum NAME` with one constant for each text file below FOLDER,
/// and a list of all of them with their paths relative to FOLDER.
@main
enum EmbedResourcesTool {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else {
            FileHandle.standardError.write(Data("usage: EmbedResourcesTool NAME FOLDER OUTPUT\n".utf8))
            exit(2)
        }
        let source = try generate(name: arguments[1], folder: URL(filePath: arguments[2]))
        try source.write(to: URL(filePath: arguments[3]), atomically: true, encoding: .utf8)
    }

    private static func generate(name: String, folder: URL) throws -> String {
        var lines = [
            "/// Text files compiled into the binary.",
            "enum \(name) {",
            "    /// Path below the embedded folder, and the whole text of the file.",
            "    static let files: [(path: String, text: String)] = [",
        ]
        let paths = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
        for path in paths {
            let file = folder.appending(path: path)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory), !isDirectory.boolValue
            else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            let fence = fence(for: text)
            lines.append("        (\"\(path)\", \(fence)\"\"\"")
            lines.append(text)
            lines.append("\"\"\"\(fence)),")
        }
        lines += ["    ]", "}", ""]
        return lines.joined(separator: "\n")
    }

    /// As many `#` as a raw string literal needs so that nothing in `text` ends or escapes it.
    private static func fence(for text: String) -> String {
        var fence = "#"
        while text.contains("\"\"\"\(fence)") || text.contains("\\\(fence)") { fence += "#" }
        return fence
    }
}
