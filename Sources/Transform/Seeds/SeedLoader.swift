import Diagnostics
import Documents
import Jinja
import Postgres

/// Brings seed files into the warehouse with COPY.
enum SeedLoader {
    /// What `load_agate_table()` gives: names and types; the values stay in the file's bytes.
    static func table(for context: NodeContext) throws -> TableObject {
        guard let node = context.node, node.resourceType == .seed else {
            throw TransformError(.compilation, "load_agate_table() works only for seeds")
        }
        let table = try read(node, world: context.world)
        context.run?.seedTable = table
        return TableObject(columnNames: table.columns, rowCount: table.rowCount, seed: table)
    }

    static func read(_ node: Node, world: RenderWorld) throws -> SeedTable {
        let folder = node.rootPath ?? world.root.folder
        let delimiter = node.config["delimiter"]?.string ?? ","
        guard delimiter.utf8.count == 1, let byte = delimiter.utf8.first else {
            throw TransformError(.seed, "the delimiter '\(delimiter)' must be one ASCII character", location: node.location)
        }
        return try SeedTable(
            ProjectFileSystem.bytes(of: folder + "/" + node.originalPath), delimiter: byte,
            typedColumns: Set(node.config.columnTypes.keys), file: world.displayPath(of: node))
    }

    /// `adapter.copy_seed(relation, columns, table)`: sends the rows, and gives the statement's text.
    static func copy(_ arguments: Arguments, context: NodeContext) throws -> Value {
        guard let run = context.run,
            let table = (arguments.value(2, "table")?.objectValue as? TableObject)?.seed ?? context.run?.seedTable
        else { throw TransformError(.seed, "copy_seed() needs the table of load_agate_table()") }
        let relation = try arguments.required(0, "relation", of: "copy_seed").pythonString
        let columns = try arguments.required(1, "columns_csv", of: "copy_seed").pythonString
        let statement = "copy \(relation) (\(columns)) from stdin (format csv, null '')"
        do {
            _ = try run.warehouse.copyIn(statement) { writer in try SeedWriter(table).write(to: &writer) }
        } catch let error as PostgresError {
            throw located(error, in: table)
        }
        return .string(statement)
    }

    /// Points into the seed's file where the server names a line of the COPY.
    private static func located(_ error: PostgresError, in table: SeedTable) -> TransformError {
        var result = TransformError(.seed, error.message, hint: error.hint, details: error.details)
        guard let context = error.context, let range = context.firstRange(of: "line ") else {
            result.location = SourceLocation(file: table.file)
            return result
        }
        let row = Int(context[range.upperBound...].prefix { $0.isNumber }) ?? 0
        let line = table.lines.indices.contains(row - 1) ? table.lines[row - 1] : nil
        var column: Int?
        if let range = context.firstRange(of: ", column ") {
            let name = context[range.upperBound...].prefix { $0 != ":" && $0 != "," }
            if let index = table.columns.firstIndex(of: String(name)), let line {
                let field = table.fields[(row - 1) * table.columns.count + index]
                let before = table.reader.bytes[..<field.start]
                let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
                column = String(decoding: before[start...], as: UTF8.self).count + 1
                result.details.insert("column \"\(name)\" of line \(line)", at: 0)
            }
        }
        result.location = SourceLocation(file: table.file, line: line, column: column)
        return result
    }
}
