import Documents
import Orchestrate

/// JSON Schemas (2020-12) of what the API sends and takes.
enum APISchemas {
    static let text: JSON = ["type": "string"]
    static let name: JSON = ["type": "string", "minLength": 1, "maxLength": 100]
    static let flag: JSON = ["type": "boolean"]
    static let whole: JSON = ["type": "integer"]
    static let count: JSON = ["type": "integer", "minimum": 0]
    static let maybeText: JSON = ["type": ["string", "null"]]
    static let maybeCount: JSON = ["type": ["integer", "null"]]
    static let moment: JSON = ["type": ["string", "null"], "format": "date-time"]
    static let anything: JSON = [:]
    static let record: JSON = ["type": "object"]
    static let id: JSON = ["type": "string", "format": "uuid"]
    static let state: JSON = ["enum": .array(RunState.allCases.map { .string($0.rawValue) })]
    static let taskState: JSON = ["enum": .array(TaskState.allCases.map { .string($0.rawValue) })]
    static let role: JSON = ["enum": .array(Role.allCases.map { .string($0.rawValue) })]

    static func array(_ items: JSON) -> JSON { ["type": "array", "items": items] }
    static func ref(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// An object: members that must be there, and members that may be. Answers have nothing else; so do documents that are sent.
    static func object(_ required: [(String, JSON)], _ optional: [(String, JSON)] = []) -> JSON {
        .members([
            ("type", "object"), ("properties", .object(JSON.Members(required + optional))),
            ("required", .array(required.map { .string($0.0) })), ("additionalProperties", false),
        ])
    }

    /// A part of a list.
    static func page(_ name: String) -> JSON {
        object([("items", array(ref(name))), ("total", count), ("limit", count), ("offset", count)])
    }

    static let paging = [
        APIOperation.Query(
            "limit", ["type": "integer", "minimum": 1, "maximum": 1000], "how many at most; 50 where nothing is said"),
        APIOperation.Query("offset", ["type": "integer", "minimum": 0, "maximum": 1_000_000], "how many to leave out"),
    ]

    static let components: [(String, JSON)] = [
        (
            "Problem",
            .members([
                ("type", "object"),
                (
                    "properties",
                    [
                        "type": text, "title": text, "status": whole, "detail": text, "hint": text, "field": text,
                        "request_id": text,
                        "details": array(text),
                    ]
                ),
                ("required", ["type", "title", "status", "detail"]),
            ])
        ),
        (
            "Pipeline",
            object([
                ("name", text), ("description", maybeText), ("schedule", text), ("paused", flag), ("tags", array(text)),
                ("owner", maybeText), ("max_active_runs", count), ("max_active_tasks", count), ("catchup", flag),
                ("next_run", moment), ("parameters", record),
            ])
        ),
        (
            "PipelineTask",
            object([
                ("name", text), ("kind", text), ("upstream", array(text)), ("downstream", array(text)), ("trigger_rule", text),
                ("retries", count), ("description", maybeText),
            ])
        ),
        (
            "Run",
            object([
                ("pipeline", text), ("name", text), ("state", state), ("kind", text), ("logical_date", moment),
                ("interval_start", moment), ("interval_end", moment), ("queued_at", moment), ("started_at", moment),
                ("finished_at", moment), ("parameters", anything), ("note", maybeText), ("reason", maybeText),
            ])
        ),
        (
            "Task",
            object([
                ("name", text), ("group", maybeText), ("kind", text), ("state", taskState), ("attempts", count),
                ("started_at", moment), ("finished_at", moment), ("rows", maybeCount), ("bytes", maybeCount),
                ("message", maybeText), ("failure", ["anyOf": [ref("Failure"), ["type": "null"]]]), ("output", anything),
            ])
        ),
        (
            "Failure",
            object([
                ("message", text), ("code", maybeText), ("location", maybeText), ("hint", maybeText), ("details", array(text)),
            ])
        ),
        (
            "Attempt",
            object([
                ("number", count), ("state", taskState), ("queued_at", moment), ("started_at", moment), ("finished_at", moment),
                ("rows", maybeCount), ("bytes", maybeCount), ("message", maybeText),
                ("failure", ["anyOf": [ref("Failure"), ["type": "null"]]]),
            ])
        ),
        ("LogLine", object([("time", moment), ("level", text), ("stream", text), ("text", text)])),
        (
            "LogPiece",
            object([
                ("lines", array(ref("LogLine"))), ("from", maybeText), ("to", maybeText), ("has_earlier", flag),
                ("is_open", flag),
            ])
        ),
        ("Affected", object([("runs", array(object([("run", text), ("tasks", array(text))]))), ("count", count)])),
        (
            "Backfill",
            object([
                ("name", text), ("count", count),
                ("runs", array(object([("run", text), ("interval_start", moment), ("interval_end", moment), ("action", text)]))),
            ])
        ),
        (
            "Connector",
            object([("name", text), ("role", ["enum": ["source", "destination"]]), ("title", text), ("config_schema", record)])
        ),
        (
            "Endpoint",
            object([
                ("id", id), ("name", text), ("connector", anything), ("config", record), ("read_only", flag),
                ("revision", maybeCount),
            ])
        ),
        ("Check", object([("ok", flag), ("message", text), ("remarks", array(text))])),
        (
            "Stream",
            object([
                ("name", text), ("namespace", maybeText), ("kind", text), ("primary_key", array(text)),
                ("supports_incremental", flag), ("has_own_cursor", flag), ("default_cursor_field", maybeText),
                ("estimated_rows", maybeCount),
                ("fields", array(object([("name", text), ("type", text), ("nullable", flag)]))),
            ])
        ),
        (
            "Connection",
            object([
                ("id", id), ("name", text), ("source", text), ("destination", text), ("pipeline", text), ("schedule", text),
                ("paused", flag), ("namespace_definition", text), ("namespace_format", maybeText), ("prefix", text),
                ("streams", array(record)), ("read_only", flag), ("revision", maybeCount), ("definition", anything),
            ])
        ),
        (
            "Variable",
            object([
                ("name", text), ("type", text), ("value", anything), ("description", maybeText), ("encrypted", flag),
                ("read_only", flag), ("updated_at", moment),
            ])
        ),
        ("Secret", object([("name", text), ("description", maybeText), ("updated_at", moment)])),
        ("User", object([("name", text), ("role", role), ("created_at", moment)])),
        ("Token", object([("label", text), ("user", text), ("role", role), ("created_at", moment)])),
        (
            "Event",
            object([
                ("at", moment), ("who", text), ("action", text), ("pipeline", maybeText), ("run", maybeText), ("task", maybeText),
                ("details", anything),
            ])
        ),
        (
            "Node",
            object([
                ("id", text), ("name", text), ("kind", text), ("relation", maybeText), ("materialization", maybeText),
                ("description", text), ("tags", array(text)), ("columns", array(record)), ("upstream", array(text)),
                ("tests", array(text)), ("file", maybeText),
            ])
        ),
        (
            "QueryResult",
            object([
                ("columns", array(object([("name", text), ("kind", text)]))), ("rows", array(array(maybeText))), ("is_cut", flag),
            ])
        ),
        ("Pool", object([("name", text), ("slots", count), ("running", count), ("queued", count)])),
        ("Health", object([("status", text), ("scheduler", flag), ("project", text), ("problem", maybeText)])),
    ]
}
