import Diagnostics
import HTTPTypes
import Hummingbird
import Jinja
import Project

extension Site {
    private static var limits: QueryConsole.Limits { QueryConsole.Limits(rows: 1000, time: .seconds(30)) }
    private static var exportLimits: QueryConsole.Limits { QueryConsole.Limits(rows: 100_000, time: .seconds(120)) }

    /// The SQL console.
    var queryRoutes: [Route] {
        [
            .get("/query", .query) { request, context in
                let fields = request.fields
                return try await console(sql: fields["sql"] ?? "", on: fields["on"], runs: false, request, context)
            },
            .post("/query", .query) { request, context in
                let form = try await Doorman.form(request, context)
                if form["as"] == "csv" { return try await export(sql: form["sql"] ?? "", on: form["on"]) }
                return try await console(sql: form["sql"] ?? "", on: form["on"], runs: true, request, context)
            },
        ]
    }

    private func console(
        sql: String, on name: String?, runs: Bool, _ request: Request, _ context: RequestFrame
    ) async throws -> Response {
        let console = QueryConsole(project)
        let database = name.flatMap { console.databases.contains($0) ? $0 : nil } ?? console.databases.first
        var values: [String: Value] = [
            "sql": .string(sql), "on": Value(database), "databases": Value(console.databases), "answer": .none, "chart": .none,
            "problem": .none, "row_limit": .int(Self.limits.rows), "time_limit": .int(Int(Self.limits.time.components.seconds)),
            "schemas": [], "schema_problem": .none,
        ]
        do {
            values["schemas"] = Self.schemas(try await console.tables(on: database))
        } catch let error as any UserFacingError {
            values["schema_problem"] = .string(error.message)
        }
        if runs {
            let start = ContinuousClock.now
            do {
                let answer = try await console.run(sql, on: database, limits: Self.limits)
                values["answer"] = Self.value(answer, took: ContinuousClock.now - start)
                values["chart"] = QuickChart(answer).map { Value.markup($0.svg()) } ?? Value.none
            } catch let error as any UserFacingError {
                let place = error.location.map { "line \($0.line ?? 1), column \($0.column ?? 1): " } ?? ""
                values["problem"] = Value([
                    "message": .string(place + error.message), "details": Value(error.details), "hint": Value(error.hint),
                ])
            }
        }
        return try pages.page("query.html", values, for: request, context, section: "Query")
    }

    private static func schemas(_ tables: [QueryConsole.Table]) -> Value {
        var names: [String] = []
        for table in tables where names.last != table.schema { names.append(table.schema) }
        return Value(
            names.map { name in
                Value([
                    "name": .string(name),
                    "tables": Value(
                        tables.filter { $0.schema == name }.map { table in
                            Value([
                                "name": .string(table.name), "sql": .string(table.sql),
                                "columns": .string(table.columns.joined(separator: "\n")),
                            ])
                        }),
                ])
            })
    }

    private static func value(_ answer: QueryConsole.Answer, took: Duration) -> Value {
        Value([
            "columns": Value(
                zip(answer.columns, answer.kinds).map { name, kind in
                    Value(["name": .string(name), "number": .bool(kind == .number)])
                }),
            "rows": Value(answer.rows.map { row in Value(row.map { Value($0) }) }), "more": .bool(answer.isCut),
            "took": .string(Moment.duration(took)),
        ])
    }

    private func export(sql: String, on name: String?) async throws -> Response {
        let answer = try await QueryConsole(project).run(sql, on: name, limits: Self.exportLimits)
        guard !answer.isCut else {
            throw Problem(
                .contentTooLarge, "the answer has more than \(Self.exportLimits.rows) rows",
                hint: "add a LIMIT, or use psql's \\copy for large exports")
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"query.csv\""],
            body: ResponseBody(byteBuffer: ByteBuffer(string: CSVText.write(columns: answer.columns, rows: answer.rows))))
    }
}
