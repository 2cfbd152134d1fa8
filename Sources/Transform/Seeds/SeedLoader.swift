import Diagnostics
import Documents
import Jinja
import Postgres

/// Brings seed files into the warehouse with COPY.
enum SeedLoader {
    /// Where rows wait whose values PostgreSQL must convert as an insert does.
    private static let stagingTable = "pg_temp.leat_seed_rows"

    /// What `load_agate_table()` gives: names and types; the values stay in the file's bytes.
    static func table(for context: NodeContext) throws -> TableObject {
        guard let run = context.run, let node = context.node, node.resourceType == .seed else {
            throw TransformError(.compilation, "load_agate_table() works only for seeds")
        }
        var table = try read(node, world: context.world)
        for warning in table.warnings {
            run.log(LogMessage(.warn, "\(warning.location): \(warning.message)", node: node.id))
        }
        if context.world.options.empty { table = table.emptied() }
        run.seedTable = table
        return TableObject(columnNames: table.columns.map(\.name), rowCount: table.rowCount, seed: table)
    }

    static func read(_ node: Node, world: RenderWorld) throws -> SeedTable {
        let folder = node.rootPath ?? world.root.folder
        var columnTypes: [String: String] = [:]
        for name in node.config.columnTypes.keys { columnTypes[name] = node.config.columnTypes[name]?.string }
        return try SeedTable(
            bytes: ProjectFileSystem.bytes(of: folder + "/" + node.originalPath), file: world.displayPath(of: node),
            name: node.name, delimiter: node.config["delimiter"]?.string ?? ",",
            columnTypes: columnTypes)
    }

    /// `adapter.copy_seed(relation, columns, table)`: sends the rows, and gives the statement's text.
    static func copy(_ arguments: Arguments, context: NodeContext) throws -> Value {
        guard let run = context.run,
            let table = (arguments.value(2, "table")?.objectValue as? TableObject)?.seed ?? context.run?.seedTable
        else { throw TransformError(.seed, "copy_seed() needs the table of load_agate_table()") }
        let relation = try arguments.required(0, "relation", of: "copy_seed").pythonString
        let columns = try arguments.required(1, "columns_csv", of: "copy_seed").pythonString
        let target = "\(relation) (\(columns))"
        return .string(
            table.needsStaging ? try stage(table, to: target, run.warehouse) : try stream(table, to: target, run.warehouse))
    }

    private static func stream(_ table: SeedTable, to target: String, _ warehouse: WarehouseSession) throws -> String {
        let statement = "copy \(target) from stdin"
        do {
            _ = try warehouse.copyIn(statement) { writer in try table.copy { try writer.write($0) } }
        } catch let error as PostgresError {
            throw located(error, in: table)
        }
        return statement
    }

    /// Through a table of the types that the text is meant for.
    private static func stage(_ table: SeedTable, to target: String, _ warehouse: WarehouseSession) throws -> String {
        let fields = table.columns.map { "\(Relation.quoted($0.name)) \($0.loadType)" }.joined(separator: ", ")
        let create = "create temporary table \(stagingTable) (\(fields))"
        let insert = "insert into \(target) select * from \(stagingTable)"
        _ = try warehouse.execute(create, beginsTransaction: true)
        let copy = try stream(table, to: stagingTable, warehouse)
        _ = try warehouse.execute(insert, beginsTransaction: true)
        _ = try warehouse.execute("drop table \(stagingTable)", beginsTransaction: true)
        return [create, copy, insert].joined(separator: ";\n")
    }

    /// Points into the seed's file where the server names a line of the COPY.
    private static func located(_ error: PostgresError, in table: SeedTable) -> TransformError {
        let isColumnMissing = error.sqlState == "42703"
        var result = TransformError(
            isColumnMissing ? .database : .seed, error.message, location: SourceLocation(file: table.file),
            hint: isColumnMissing ? "the table is there with other columns: --full-refresh makes it anew" : error.hint,
            details: error.details)
        guard let context = error.context, let range = context.firstRange(of: "line "),
            let row = Int(context[range.upperBound...].prefix { $0.isNumber })
        else { return result }
        var index: Int?
        if let range = context.firstRange(of: ", column ") {
            let name = String(context[range.upperBound...].prefix { $0 != ":" && $0 != "," })
            index = table.columns.firstIndex { $0.name == name } ?? table.columns.firstIndex { $0.name.lowercased() == name }
        }
        guard let location = table.location(ofRow: row - 1, column: index) else { return result }
        result.location = location
        if let index, let line = location.line {
            result.details.insert("column \"\(table.columns[index].name)\" of line \(line)", at: 0)
        }
        return result
    }
}
