import Diagnostics
import Documents
import Jinja

/// Finds out how old the rows of one source are.
struct FreshnessRunner {
    let world: RenderWorld
    let log: @Sendable (LogMessage) -> Void

    func run(_ source: SourceDefinition, on warehouse: WarehouseSession, thread: String) -> Freshness {
        let start = DateTimeStamp.now()
        var freshness = Freshness(source: source, status: .pass)
        freshness.thread = thread
        do {
            try measure(source, on: warehouse, into: &freshness)
        } catch {
            let described = NodeFailure.describe(operation: error, sent: warehouse.lastStatement)
            freshness.status = .runtimeError
            freshness.message =
                "\(described.dbtTitle) in source \(source.name) (\(source.originalPath))\n" + described.indentedText
        }
        freshness.timing = [
            .init(name: "compile", start: start, end: start), .init(name: "execute", start: start, end: .now()),
        ]
        freshness.executionTime = DateTimeStamp.now().secondsSince1970 - start.secondsSince1970
        return freshness
    }

    private func measure(_ source: SourceDefinition, on warehouse: WarehouseSession, into freshness: inout Freshness) throws {
        let run = NodeRun(warehouse: warehouse, log: log)
        let context = NodeContext(world: world, node: nil, package: source.packageName, run: run)
        let relation = Value.object(RelationObject(world.relation(of: source)))
        context.set("this", relation)
        context.set("model", Value(SourceArtifact.json(of: source)))
        context.set("source_node", Value(SourceArtifact.json(of: source)))
        warehouse.comment = try QueryCommentRenderer.comment(for: context)
        let answer: Value
        if let query = source.loadedAtQuery {
            let template = try Template(
                source: query, name: source.location.file, environment: TemplateEngine.environment)
            let rendered = try TemplateEngine.render(template, globals: context)
            answer = try call("collect_freshness_custom_sql", [relation, .string(rendered)], context)
        } else if let field = source.loadedAtField {
            let filter = Value(optional: source.freshness["filter"]?.string)
            answer = try call("collect_freshness", [relation, .string(field), filter], context)
        } else {
            throw TransformError(
                .schema,
                "Could not compute freshness for source \(source.name): no 'loaded_at_field' provided and postgres adapter does "
                    + "not support metadata-based freshness checks.",
                location: source.location)
        }
        let result = answer.dictValue
        freshness.response = (result?["response"]?.objectValue as? ResponseObject)?.response
        guard let table = (result?["table"] ?? answer).objectValue as? TableObject, let row = table.rows.first,
            table.rows.count == 1,
            row.values.count == 2
        else { throw TransformError(.database, "the query for freshness must give one row with two columns") }
        // No rows at all: loaded infinitely long ago.
        let loaded = row.values[0].isNone ? DateTime(year: 1, month: 1, day: 1, offset: 0) : try time(row.values[0], source)
        let now = try time(row.values[1], source)
        let age = Double(now.utcMicroseconds - loaded.utcMicroseconds) / 1_000_000
        freshness.maxLoadedAt = DateTimeStamp(secondsSince1970: Double(loaded.utcMicroseconds) / 1_000_000)
        freshness.snapshottedAt = DateTimeStamp(secondsSince1970: Double(now.utcMicroseconds) / 1_000_000)
        freshness.age = age
        freshness.status = Freshness.status(of: age, under: source.freshness)
    }

    private func call(_ name: String, _ arguments: [Value], _ context: NodeContext) throws -> Value {
        guard let macro = world.macros.macro(named: name, from: context.package) else {
            throw TransformError(.compilation, "there is no macro '\(name)'")
        }
        let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
        return try withExtendedLifetime(context) { try runtime.call(context.callable(macro), Arguments(arguments)) }
    }

    private func time(_ value: Value, _ source: SourceDefinition) throws -> DateTime {
        if let time = (value.objectValue as? DateTimeObject)?.value { return time }
        throw TransformError(
            .database,
            "Expected a timestamp value when querying field '\(source.loadedAtField ?? "loaded_at_query")' of table "
                + "\(world.relation(of: source).rendered) but received value of type '\(value.typeName)' instead")
    }
}

extension DateTime {
    /// Without a zone it counts as UTC.
    var utcMicroseconds: Int { microseconds - (offset ?? 0) * 1_000_000 }
}
