import Jinja

/// Functions that exist only while a node is compiled or run.
enum RunFunctions {
    static func function(named name: String, context: NodeContext) -> Value? {
        guard let run = context.run else { return nil }
        switch name {
        case "store_result":
            return .function(name) { [unowned run] arguments, _ in try store(arguments, in: run) }
        case "store_raw_result":
            return .function(name) { [unowned run] arguments, _ in try storeRaw(arguments, in: run) }
        case "load_result":
            return .function(name) { [unowned run] arguments, _ in
                run.results[try arguments.string(0, "name", of: name)] ?? .none
            }
        case "write":
            return .function(name) { [unowned context] arguments, _ in
                let text = try arguments.required(0, "payload", of: name).pythonString
                try RunFiles.write(text, for: context)
                return .string("")
            }
        case "render":
            return .function(name) { arguments, runtime in
                let text = try arguments.required(0, "string", of: name).pythonString
                return .string(try TemplateEngine.render(text, name: "hook", within: runtime))
            }
        case "load_agate_table":
            return .function(name) { [unowned context] _, _ in .object(try SeedLoader.table(for: context)) }
        default: return nil
        }
    }

    private static func store(_ arguments: Arguments, in run: NodeRun) throws -> Value {
        let name = try arguments.string(0, "name", of: "store_result")
        let response = arguments.value(1, "response") ?? .none
        let table = arguments.value(2, "agate_table").flatMap { $0.isNone ? nil : $0 } ?? .object(TableObject.empty())
        keep(name, response, table, in: run)
        return .string("")
    }

    private static func storeRaw(_ arguments: Arguments, in run: NodeRun) throws -> Value {
        let name = try arguments.string(0, "name", of: "store_raw_result")
        let response = StatementResponse(
            message: arguments.value(1, "message")?.pythonString ?? "", code: arguments.value(2, "code")?.pythonString ?? "",
            rowsAffected: arguments.value(3, "rows_affected").flatMap { $0.intValue ?? Int($0.pythonString) })
        let table = arguments.value(4, "agate_table").flatMap { $0.isNone ? nil : $0 } ?? .object(TableObject.empty())
        keep(name, .object(ResponseObject(response)), table, in: run)
        return .string("")
    }

    private static func keep(_ name: String, _ response: Value, _ table: Value, in run: NodeRun) {
        run.results[name] = ["response": response, "data": data(of: table.objectValue as? TableObject), "table": table]
        guard name == "main" else { return }
        if let response = (response.objectValue as? ResponseObject)?.response {
            run.mainResponse = response
        } else {
            run.mainResponse = StatementResponse(tag: response.pythonString)
        }
    }

    /// The rows; those of a seed stay in its file until somebody looks at them.
    private static func data(of table: TableObject?) -> Value {
        guard let table else { return .list(List()) }
        if table.seed != nil { return .object(TableRowsObject(table, count: table.length ?? 0)) }
        return .list(List(table.rows.map { .tuple(Tuple($0.values)) }))
    }
}
