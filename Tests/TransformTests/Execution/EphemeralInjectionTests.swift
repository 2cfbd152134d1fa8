import Testing

@testable import Transform

struct EphemeralInjectionTests {
    @Test(
        "puts expressions before the statement's own",
        arguments: [
            ("select 1", "with __dbt__cte__a as (\nselect 2\n) select 1"),
            ("\n\nselect 1", "\n\nwith __dbt__cte__a as (\nselect 2\n) select 1"),
            ("with x as (select 1) select * from x", "with __dbt__cte__a as (\nselect 2\n), x as (select 1) select * from x"),
            ("-- a comment\nWITH RECURSIVE x as (", "-- a comment\nWITH RECURSIVE __dbt__cte__a as (\nselect 2\n), x as ("),
            ("select within from t", "with __dbt__cte__a as (\nselect 2\n) select within from t"),
            ("/* with */ with_tax", "with __dbt__cte__a as (\nselect 2\n) /* with */ with_tax"),
        ])
    func inject(sql: String, expected: String) {
        let expression = EphemeralInjection.expression(name: "__dbt__cte__a", sql: "select 2")
        #expect(EphemeralInjection.inject([expression], into: sql) == expected)
    }
}
