import Diagnostics
import Documents
import Foundation
import Jinja
import Orchestrate
import Transform

/// The names that the templates of a task may use: Airflow's, where there is one, and those of leat.yml.
struct TaskGlobals: Globals {
    let attempt: TaskAttempt
    let pipeline: PipelineDefinition
    /// Variables, connections and secrets.
    let values: ValueLookup
    /// The last run with an earlier logical date that succeeded.
    var previousSuccess: RunRecord?
    /// The changes of data that began the run.
    var dataEvents: [DataEvent] = []

    var environment: [String: String] { values.environment }

    /// Every name, for suggestions.
    static let names = [
        "ds", "ds_nodash", "ts", "ts_nodash", "ts_nodash_with_tz", "logical_date", "execution_date", "data_interval_start",
        "data_interval_end", "run_id", "run", "dag", "dag_run", "task", "ti", "task_instance", "try_number", "params", "outputs",
        "var", "conn", "env_var", "secret", "macros", "now", "prev_data_interval_start_success", "prev_data_interval_end_success",
        "prev_start_date_success", "prev_end_date_success", "triggering_events", "triggering_asset_events", "yesterday_ds",
        "yesterday_ds_nodash", "tomorrow_ds", "tomorrow_ds_nodash",
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
        case "prev_data_interval_start_success":
            return Self.moment(previousSuccess?.dataInterval?.start ?? previousSuccess?.logicalDate)
        case "prev_data_interval_end_success":
            return Self.moment(previousSuccess?.dataInterval?.end ?? previousSuccess?.logicalDate)
        case "prev_start_date_success": return Self.moment(previousSuccess?.startedAt)
        case "prev_end_date_success": return Self.moment(previousSuccess?.finishedAt)
        case "yesterday_ds": return .string(MomentFormat.format(logicalDate - .seconds(86_400), "%Y-%m-%d"))
        case "yesterday_ds_nodash": return .string(MomentFormat.format(logicalDate - .seconds(86_400), "%Y%m%d"))
        case "tomorrow_ds": return .string(MomentFormat.format(logicalDate + .seconds(86_400), "%Y-%m-%d"))
        case "tomorrow_ds_nodash": return .string(MomentFormat.format(logicalDate + .seconds(86_400), "%Y%m%d"))
        case "triggering_events": return Value(JSON.array(dataEvents.map(\.templateJSON)))
        case "triggering_asset_events", "triggering_dataset_events":
            let groups = Dictionary(grouping: dataEvents) { $0.reference.description }
            return Value(
                JSON.object(
                    JSON.Members(groups.sorted { $0.key < $1.key }.map { ($0.key, .array($0.value.map(\.templateJSON))) })))
        case "dag": return Value(dagObject)
        case "task": return Value(taskObject)
        case "ti", "task_instance": return .object(TaskInstanceObject(attempt))
        case "try_number": return .int(attempt.number)
        case "params": return Value(run.parameters.isNull ? .object(JSON.Members()) : run.parameters)
        case "outputs": return .object(OutputsObject(attempt.outputs))
        case "var": return .object(VariablesObject(values))
        case "conn": return .object(ConnectionsObject(values))
        case "macros": return .object(MacrosObject())
        case "now": return .function("now") { _, _ in .object(MomentObject(.now)) }
        case "env_var":
            return .function("env_var") { arguments, _ in
                let key = try arguments.string(0, "name", of: "env_var")
                if let value = environment[key] {
                    values.hidden.noteEnvironment(key, value)
                    return .string(value)
                }
                if let fallback = arguments.value(1, "default") { return fallback }
                throw ProjectError(
                    .template, "the environment variable '\(key)' is not set",
                    hint: "set it, or give a default: env_var('\(key)', 'value')")
            }
        case "secret":
            return .function("secret") { arguments, _ in
                .string(try values.secret(try arguments.string(0, "name", of: "secret")))
            }
        default: return nil
        }
    }

    /// The time that the run stands for; of one that stands for none, when it began.
    private var logicalDate: Timestamp { attempt.run.logicalDate ?? attempt.run.startedAt }

    private static func moment(_ moment: Timestamp?) -> Value { moment.map { .object(MomentObject($0)) } ?? .none }

    private func runObject(_ run: RunContext) -> Value {
        let dict = Dict()
        dict[.string("run_id")] = .string(run.id.name)
        dict[.string("dag_id")] = .string(run.id.pipeline.rawValue)
        dict[.string("run_type")] = .string(run.kind.rawValue)
        dict[.string("external_trigger")] = .bool(run.kind == .manual)
        dict[.string("conf")] = Value(run.parameters)
        dict[.string("start_date")] = .object(MomentObject(run.startedAt))
        dict[.string("logical_date")] = run.logicalDate.map { .object(MomentObject($0)) } ?? Value.none
        dict[.string("data_interval_start")] = run.dataInterval.map { .object(MomentObject($0.start)) } ?? Value.none
        dict[.string("data_interval_end")] = run.dataInterval.map { .object(MomentObject($0.end)) } ?? Value.none
        return .dict(dict)
    }

    private var dagObject: JSON {
        [
            "dag_id": .string(pipeline.id.rawValue), "owner": pipeline.owner.map { .string($0) } ?? .null,
            "description": pipeline.description.map { .string($0) } ?? .null,
            "tags": .array(pipeline.tags.map { .string($0) }),
        ]
    }

    private var taskObject: JSON {
        let task = attempt.task
        return [
            "task_id": .string(task.id.rawValue), "kind": .string(task.kind),
            "owner": pipeline.owner.map { .string($0) } ?? .null,
            "retries": .int(task.retries.count), "trigger_rule": .string(task.triggerRule.rawValue),
            "task_group": task.group.map { .string($0.rawValue) } ?? .null,
        ]
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
        case "dag_id": .string(attempt.run.id.pipeline.rawValue)
        case "max_tries": .int(attempt.task.retries.count)
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
        case "uuid": .object(UUIDObject())
        case "random": .function(name) { _, _ in .double(Double.random(in: 0..<1)) }
        case "datetime": .object(DateTimeObject())
        case "time": .function(name) { _, _ in .double(Double(Timestamp.now.microseconds) / 1e6) }
        default: nil
        }
    }
}

/// `macros.uuid()`, and `macros.uuid.uuid4()` as of Python's module.
private final class UUIDObject: Object {
    override var isCallable: Bool { true }
    override var isTruthy: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value { .string(UUID().uuidString.lowercased()) }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        name == "uuid4" ? .function(name) { _, _ in .string(UUID().uuidString.lowercased()) } : nil
    }
}

/// What templates use of Python's `datetime`: `macros.datetime(2026, 1, 31)`, `macros.datetime.now()`.
private final class DateTimeObject: Object {
    override var isCallable: Bool { true }
    override var isTruthy: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let units = ["year", "month", "day", "hour", "minute", "second", "microsecond"]
        var numbers: [Int] = []
        for (index, unit) in units.enumerated() {
            if index < 3 { _ = try arguments.required(index, unit, of: "datetime") }
            numbers.append(try arguments.int(index, unit, default: 0, of: "datetime"))
        }
        var civil = CivilTime(year: numbers[0], month: numbers[1], day: numbers[2])
        guard (1...9999).contains(numbers[0]), (1...12).contains(numbers[1]), (0..<24).contains(numbers[3]),
            (0..<60).contains(numbers[4]), (0..<60).contains(numbers[5]), (0..<1_000_000).contains(numbers[6]),
            numbers[2] >= 1, CivilTime(secondsSince1970: civil.secondsSince1970).month == numbers[1]
        else {
            throw ProjectError(
                .template, "datetime() has no such day or time: \(numbers.map(String.init).joined(separator: ", "))")
        }
        civil.hour = numbers[3]
        civil.minute = numbers[4]
        civil.second = numbers[5]
        return .object(MomentObject(Timestamp(microseconds: civil.secondsSince1970 * 1_000_000 + Int64(numbers[6]))))
    }

    override func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "now", "utcnow", "today": .function(name) { _, _ in .object(MomentObject(.now)) }
        case "fromisoformat":
            .function(name) { arguments, _ in
                .object(MomentObject(try Timestamp(parsing: try arguments.string(0, "date_string", of: name))))
            }
        case "fromtimestamp":
            .function(name) { arguments, _ in
                .object(MomentObject(Timestamp(seconds: Int64(try arguments.int(0, "timestamp", default: 0, of: name)))))
            }
        default: nil
        }
    }
}

extension DataEvent {
    /// As templates see it.
    fileprivate var templateJSON: JSON {
        [
            "kind": .string(reference.kind.rawValue), "name": .string(reference.name), "timestamp": .string(at.description),
            "extra": details, "source_dag_id": run.map { .string($0.pipeline.rawValue) } ?? .null,
            "source_run_id": run.map { .string($0.name) } ?? .null, "source_task_id": task.map { .string($0.rawValue) } ?? .null,
        ]
    }
}
