import Diagnostics
import Testing

@testable import Documents

@Suite("The parser for YAML as people write it") struct BlockYAMLParserTests {
    @Test(
        "gives the same values and places as the complete parser",
        arguments: [
            "a: 1\nb: [x, 'y', \"z\\n\", 1.5, true, ~]\n", "- a\n- b: 1\n  c: 2\n-\n  d: x\n- - 1\n  - 2\n",
            "models:\n- name: a\n  columns:\n  - {name: id, data_tests: [unique, not_null]}\n- name: b # note\n",
            "a: >\n  folded\n  text\n\n  next\n   deeper\n  end\nb: |-\n  kept\n    so\n\nc: |+\n  x\n\n\nd: 1\n",
            "a: plain text\n  goes on\n\n  and on\nb: \"two\n  lines\"\nc: 'it''s'\n",
            "---\n# a comment\nkey with spaces: value: not\n",
            "a: 012\nb: 0x1F\nc: 1_000\nd: .5\ne: -3\nf: 2024-01-01\ng: 1e3\nh: +1\n",
            "a: yes\nb: No\nc: off\nd: null\ne:\nf: ''\ng: NULL\nh: ~\ni: .inf\nj: nope\n",
            "deep:\n    a:\n      - x\n      -   y: 1\n          z: 2\n", "\"quoted key\": 1\n'other': {a: , b: [], c: {}}\n",
            "flow: [\n  a,\n  {b: c},\n]\n", "u: grüße\nv: \"\\u00e9\"\n", "", "# nothing\n", "just text\n",
            "a: b # c\nd: 'e' # f\n",
            "url: http://x.io:80/a#b\ntime: 12:30\n", "a: {{ var('x') }}\n", "a: \"{{ var('x') }}\"\n", "a:\n- 1\nb:\n  - 2\n",
        ])
    func same(_ text: String) throws {
        let complete = Result { try YAMLDocument.parseCompletely(text, file: "f") }
        guard let fast = try? BlockYAMLParser.parse(text, file: "f") else { return }
        #expect(Self.shown(fast) == Self.shown(try complete.get()))
    }

    @Test(
        "leaves to the complete parser what it does not know and what is wrong",
        arguments: [
            "a: &x 1\nb: *x\n", "a: !!str 1\n", "a: {<<: {b: 1}}\n", "a: 1\na: 2\n", "a:\n\tb: 1\n", "a: b: c\n", "a: [1, 2\n",
            "? a\n: b\n",
            "a: 1\n--- \nb: 2\n", "a: 'x\n", "- a\nb: 1\n", "a: 1\n  b: 2\n", "a: %x\n", "a: @x\n", "a: \"\\q\"\n",
            "a: 1\r\nb: 2\n",
        ])
    func refused(_ text: String) {
        #expect(throws: BlockYAMLParser.Refusal.self) { _ = try BlockYAMLParser.parse(text, file: "f") }
    }

    @Test("nesting without end is refused, not followed")
    func nesting() {
        let text = String(repeating: "- ", count: 100_000) + "x"
        #expect(throws: BlockYAMLParser.Refusal.self) { _ = try BlockYAMLParser.parse(text, file: "f") }
    }

    private static func shown(_ node: YAMLNode?) -> String {
        guard let node else { return "nothing" }
        let place = "@\(node.location.line ?? 0):\(node.location.column ?? 0)"
        switch node.content {
        case .sequence(let items): return "\(place)[\(items.map(shown).joined(separator: ", "))]"
        case .mapping(let members):
            return place + "{" + members.map { "\($0.key)@\($0.keyLocation): \(shown($0.value))" }.joined(separator: ", ") + "}"
        case .null: return "null"
        default: return place + node.json.text()
        }
    }
}
