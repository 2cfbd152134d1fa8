package import Diagnostics

/// What can go wrong in defining, scheduling, running and recording pipelines.
package struct OrchestrateError: UserFacingError {
    /// The kinds; more may come, so switch with a default.
    package struct Code: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let unknownUpstream = Code(rawValue: "pipeline.unknown_upstream")
        package static let cycle = Code(rawValue: "pipeline.cycle")
        package static let duplicateTask = Code(rawValue: "pipeline.duplicate_task")
        package static let badValue = Code(rawValue: "pipeline.bad_value")
        package static let badDuration = Code(rawValue: "schedule.bad_duration")
        package static let badCron = Code(rawValue: "schedule.bad_cron")
        package static let badInterval = Code(rawValue: "schedule.bad_interval")
        package static let badTimestamp = Code(rawValue: "schedule.bad_timestamp")
        package static let unknownTimeZone = Code(rawValue: "schedule.unknown_time_zone")
        package static let storeUnwritable = Code(rawValue: "store.unwritable")
        package static let storeCorrupt = Code(rawValue: "store.corrupt")
        package static let storeTooNew = Code(rawValue: "store.too_new")
        package static let storeBusy = Code(rawValue: "store.busy")
        package static let storeFailed = Code(rawValue: "store.failed")
        package static let tooManyRuns = Code(rawValue: "run.too_many")
        package static let duplicateRun = Code(rawValue: "store.duplicate_run")
        package static let schedulerRunning = Code(rawValue: "scheduler.running")
        package static let unknownRun = Code(rawValue: "run.unknown")
        package static let unknownTask = Code(rawValue: "run.unknown_task")
        package static let badSelection = Code(rawValue: "run.bad_selection")
        package static let badParameters = Code(rawValue: "run.bad_parameters")
        package static let badRange = Code(rawValue: "backfill.bad_range")
        package static let noSchedule = Code(rawValue: "backfill.no_schedule")
        package static let noKey = Code(rawValue: "secret.no_key")
        package static let badKey = Code(rawValue: "secret.bad_key")
        package static let damaged = Code(rawValue: "secret.damaged")
        package static let badVariable = Code(rawValue: "variable.bad_value")
        package static let badConnection = Code(rawValue: "connection.bad_value")
        package static let logUnwritable = Code(rawValue: "run.log_unwritable")
    }

    package let kind: Code
    package let message: String
    package var location: SourceLocation?
    package let hint: String?
    package let details: [String]

    package var code: String { kind.rawValue }

    package init(
        _ kind: Code, _ message: String, location: SourceLocation? = nil, hint: String? = nil, details: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.location = location
        self.hint = hint
        self.details = details
    }
}
