import Jinja
import Testing

@Suite("Corpus of Python's Jinja2")
struct CorpusTests {
    @Test("gives what Jinja2 gives", arguments: CorpusCase.topics())
    func agrees(topic: String) throws {
        for testCase in try CorpusCase.load(topic) {
            let about = Comment(rawValue: "\(testCase.template)  \(testCase.context ?? "")  \(testCase.options ?? [:])")
            do {
                let text = try testCase.render()
                #expect(text == testCase.output, about)
            } catch let error as TemplateError {
                #expect(error.kind.rawValue == testCase.error, "\(about): \(error)")
                if let line = testCase.line, error.kind == .syntax { #expect(error.line == line, about) }
            }
        }
    }

    @Test("has the cases")
    func isThere() {
        #expect(CorpusCase.topics().count > 20)
    }
}
