import Foundation
import Testing

/// Whoever meets an error finds its code on the page of errors.
@Suite("docs/errors.md")
struct ErrorPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    @Test("names every code that the sources have")
    func complete() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/errors.md"), encoding: .utf8)
        let pattern = try Regex(
            #""((?:postgres|services|connector|ingest|transform|run|store|pipeline|schedule|task|document|project|serve|scheduler|backfill)\.[a-z_]+)""#
        )
        var codes: Set<String> = []
        let sources = try #require(
            FileManager.default.enumerator(at: Self.root.appending(path: "Sources"), includingPropertiesForKeys: nil))
        for case let file as URL in sources where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: pattern) {
                if let code = match.output[1].substring { codes.insert(String(code)) }
            }
        }
        #expect(codes.count > 50)
        #expect(codes.filter { !$0.hasSuffix(".html") && !page.contains("`\($0)`") }.sorted() == [])
    }
}
