import Diagnostics
import Documents
import Foundation
import Jinja
import Orchestrate
import Transform

/// The names that the templates of a task may use: Airflow's, where there is one, and those of leat.yml.
struct TaskGlobals: Globals {
    let attempt: TaskAttempt
    let pipeline: PipelineID
    /// `vars:` of leat.yml.
    let variables: [String: JSON]
    let environment: [String: String]
    let secrets: SecretSource

    /// Every name, for suggestions.
    static let names = [
        "ds", "ds_nodash", "ts", "ts_nodash", "ts_nodash_with_tz", "logical_date", "execution_date", "data_interval_start",
        "data_interval_end", "run_id", "run", "dag", "dag_run", "task", "ti", "task_instance", "try_number", "params", "outputs",
        "var", "env_var", "secret", "macros", "now",
    ]

    func value(named name: String) throws -> Value? {
        let run = attempt.run
        switch name {
        case "ds": return .string(MomentFormat.format(logicalDate, "%Y-%m-%d"))
        case "ds_nodash": return .string(MomentFormat.format(logicalDate, "%Y%m%d"))
        case "ts": return .string(MomentFormat.iso(logicalDate))
        case "ts_nodash": return .string(MomentFormat.format(logicalDate, "%Y%m%dT%H%M%S"))
        case "ts_nodash_with_tz": return .string(MomentFormat.format(logicalDate, "%Y%m%dT%H%M%S+0000"))
        case "logical_date", "execution_date": return .object(MomentObject(logicalDate))
        case "data_interval_start": return .object(MomentObject(run.dataInterval?.start ?? logicalDate))
        case "data_interval_end": return .object(MomentObject(run.dataInterval?.end ?? logicalDate))
        case "run_id": return .string(run.id.name)
        case "run", "dag_run": return runObject(run)
        case "dag": return Value(JSON.object(JSON.Members([("dag_id", .string(pipeline.rawValue))])))
        case "task":
            return Value(
                JSON.object(
                    JSON.Members([("task_id", .string(attempt.task.id.rawValue)), ("kind", .string(attempt.task.kind))])))
        case "ti", "task_instance": return .object(TaskInstanceObject(attempt))
        case "try_number": return .int(attempt.number)
        case "params": return Value(run.parameters.isNull ? .object(JSON.Members()) : run.parameters)
        case "outputs": return .object(OutputsObject(attempt.outputs))
        case "var": return .object(VariablesObject(variables))
        case "macros": return .object(MacrosObject())
        case "now": return .function("now") { _, _ in .object(MomentObject(.now)) }
        case "env_var":
            return .function("env_var") { arguments, _ in
                let key = try arguments.string(0, "name", of: "env_var")
                if let value = environment[key] {
                    secrets.noteEnvironment(key, value)
                    return .string(value)
                }
                if let fallback = arguments.value(1, "default") { return fallback }
                throw ProjectError(
                    .template, "the environment variable '\(key)' is not set",
                    hint: "set it, or give a default: env_var('\(key)', 'value')")
            }
        case "secret":
            return .function("secret") { arguments, _ in
                .string(try secrets.value(of: try arguments.string(0, "name", of: "secret")))
            }
        default: return nil
        }
    }

    /// The time that the run stands for; of one that stands for none, when it began.
    private var logicalDate: Timestamp { attempt.run.logicalDate ?? attempt.run.startedAt }

    private func runObject(_ run: RunContext) -> Value {
        Value(
            JSON.object(
                JSON.Members([
                    ("run_id", .string(run.id.name)), ("run_type", .string(run.kind.rawValue)), ("conf", run.parameters),
                    ("logical_date", run.logicalDate.map { .string($0.description) } ?? .null),
                ])))
    }
}

/// `var('name', default)`, and Airflow's `var.value.name` and `var.json.name`.
private final class VariablesObject: Object {
    private let variables: [String: JSON]

    init(_ variables: [String: JSON]) { self.variables = variables }

    override var isCallable: Bool { true }
    override var isTruthy: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let name = try arguments.string(0, "name", of: "var")
        if let value = variables[name] { return Value(value) }
        if let fallback = arguments.value(1, "default") { return fallback }
        throw ProjectError(
            .template, "there is no variable '\(name)'",
            hint: Suggestion.hint(for: name, in: variables.keys.sorted())
                ?? "add it under 'vars:', or give a default: var('\(name)', 'value')")
    }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        guard name == "value" || name == "json" else { return nil }
        return Value(JSON.object(JSON.Members(variables.map { ($0.key, $0.value) })))
    }
}

/// What earlier tasks have put out: `outputs.ingest`, `outputs['group.task'].rows`.
private final class OutputsObject: Object {
    private let outputs: TaskOutputs

    init(_ outputs: TaskOutputs) { self.outputs = outputs }

    override var isTruthy: Bool { true }
    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? { outputs[TaskID(name)].map { Value($0) } }
    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        outputs[TaskID(key.pythonString)].map { Value($0) }
    }
}

/// Airflow's `ti`, with what templates use of it.
private final class TaskInstanceObject: Object {
    private let attempt: TaskAttempt

    init(_ attempt: TaskAttempt) { self.attempt = attempt }

    override var isTruthy: Bool { true }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "task_id": .string(attempt.task.id.rawValue)
        case "try_number": .int(attempt.number)
        case "run_id": .string(attempt.run.id.name)
        case "xcom_pull":
            .function("xcom_pull") { [outputs = attempt.outputs] arguments, _ in
                let task = try arguments.string(0, "task_ids", of: "xcom_pull")
                return outputs[TaskID(task)].map { Value($0) } ?? .none
            }
        default: nil
        }
    }
}

/// `macros.ds_add(ds, 7)` and the like.
private final class MacrosObject: Object {
    override var isTruthy: Bool { true }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "ds_add":
            .function(name) { arguments, _ in
                let date = try Timestamp(parsing: try arguments.string(0, "ds", of: name))
                let days = try arguments.int(1, "days", default: 0, of: name)
                return .string(MomentFormat.format(date + .seconds(86_400 * days), "%Y-%m-%d"))
            }
        case "ds_format":
            .function(name) { arguments, _ in
                let date = try Timestamp(parsing: try arguments.string(0, "ds", of: name))
                // The input's own format is not needed: dates are recognised.
                return .string(MomentFormat.format(date, try arguments.string(2, "output_format", of: name)))
            }
        case "timedelta":
            .function(name) { arguments, _ in
                var microseconds = 0
                let units = [
                    "days": 86_400_000_000, "hours": 3_600_000_000, "minutes": 60_000_000, "seconds": 1_000_000,
                    "weeks": 604_800_000_000,
                ]
                for (unit, length) in units {
                    if case .int(let count)? = arguments.value(unit == "days" ? 0 : 99, unit) { microseconds += count * length }
                }
                return .object(SpanObject(.microseconds(microseconds)))
            }
        case "uuid": .function(name) { _, _ in .string(UUID().uuidString.lowercased()) }
        default: nil
        }
    }
}
