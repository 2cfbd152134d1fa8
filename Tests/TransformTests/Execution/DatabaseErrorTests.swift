import Diagnostics
import TestSupport
import Testing
import Transform

@Suite("Errors of the database")
struct DatabaseErrorTests {
    @Test("point into the template, through macros and ephemeral models, and into the compiled SQL")
    func places() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "macros/money.sql": """
                    {% macro cents(column) %}
                      {{- return(adapter.dispatch('cents')(column)) -}}
                    {% endmacro %}

                    {% macro default__cents(column) %}
                    round({{ column }}
                      / hundred)
                    {% endmacro %}

                    {% test positive(model, column_name) %}
                    select *
                    from {{ model }}
                    where {{ column_name }} > 'x'
                    {% endtest %}
                    """,
                    "models/plain.sql": """
                    {{ config(materialized='table') }}

                    {% set columns = ['a', 'b'] %}
                    select
                      {% for column in columns %}
                      1 as {{ column }},
                      {% endfor %}
                      amuont
                    from (select 1 as amount) x
                    """,
                    "models/value.sql": "select 1 as fine,\n  {{ var('column', 'nowhere') }} as it",
                    "models/macro.sql": "-- ü\nselect\n  1 as fine,\n  {{ cents('amount') }} as it\nfrom (select 1 as amount) x",
                    "models/between.sql": "{{ config(materialized='ephemeral') }}\nselect 1 as a,\n  wrong as b",
                    "models/reader.sql": "with own as (\n  select 2 as a\n)\nselect * from {{ ref('between') }}, own",
                    "models/behind.sql": "select a from {{ ref('fine_one') }}\nwhere b = 1",
                    "models/fine_one.sql": "{{ config(materialized='ephemeral') }}\nselect 1 as a",
                    "models/tested.sql": "select 1 as id",
                    "models/schema.yml": """
                    models:
                      - name: tested
                        columns:
                          - name: id
                            data_tests: [positive]
                    """,
                ], database: database.options)
            let results = try await project.run(.build)
            func error(_ name: String) throws -> any UserFacingError { try #require(results.result(name)?.error) }

            let plain = try error("plain")
            #expect(plain.location?.description == "models/plain.sql:8:3")
            #expect(plain.message == "column \"amuont\" does not exist")
            #expect(plain.hint?.contains("amount") ?? false)
            #expect(plain.details.starts(with: ["  amuont", "  ^"]))
            #expect(plain.details.contains { $0.hasPrefix("in the compiled SQL at target/compiled/shop/models/plain.sql:") })

            let value = try error("value")
            #expect(value.location?.description == "models/value.sql:2:6")
            #expect(value.details.contains("  nowhere as it"))

            let macro = try error("macro")
            #expect(macro.location?.description == "models/macro.sql:4:6")
            #expect(
                macro.details.starts(with: [
                    "  {{ cents('amount') }} as it", "     ^", "written by the macro default__cents (macros/money.sql:7:5)",
                    "  / hundred)", "    ^", "called by the macro cents (macros/money.sql:2:7)",
                ]))

            let reader = try error("reader")
            #expect(reader.location?.description == "models/between.sql:3:3")
            #expect(reader.details.contains("in the ephemeral model model.shop.between"))

            let behind = try error("behind")
            #expect(behind.location?.description == "models/behind.sql:2:7")

            let test = try error("positive_tested_id")
            #expect(test.location?.file == "models/schema.yml")
            #expect(test.details.first == "written by the macro test_positive (macros/money.sql:13:27)")
        }
    }
}
