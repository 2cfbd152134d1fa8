import Testing

@testable import Transform

struct BlockScannerTests {
    @Test("finds blocks, past comments, raw parts and strings")
    func blocks() {
        let text = """
            {# {% macro hidden() %} #}
            {%- macro first(a='%}') -%} body {% endmacro %}
            {% raw %}{% macro raw() %}{% endraw %}
            {% test second(model) %}{% if x %}{% endif %}{% endtest %}
            """
        let blocks = BlockScanner.blocks(in: text, kinds: ["macro", "test"])
        #expect(blocks.map(\.name) == ["first", "second"])
        #expect(blocks.map(\.kind) == ["macro", "test"])
        #expect(blocks.map(\.line) == [2, 4])
    }

    @Test("knows the adapter of a materialization")
    func materializations() {
        let names = Set(MacroReader.builtIn.map(\.name))
        #expect(names.isSuperset(of: ["materialization_table_default", "materialization_view_default", "test_unique"]))
    }
}
