import Orchestrate

/// A schedule as people say it; a cron expression that has no short name stays as it is.
enum ScheduleWords {
    /// When a pipeline runs by itself: by time, on changes of data, or both.
    static func text(_ pipeline: PipelineDefinition) -> String {
        guard let data = pipeline.data else { return text(pipeline.schedule) }
        return pipeline.schedule == .manual ? "on \(data)" : "\(text(pipeline.schedule)), or on \(data)"
    }

    static func text(_ schedule: Schedule) -> String {
        if case .calendar(let calendar) = schedule {
            return text(calendar.base) + (calendar.rule == .skip ? ", without excluded days" : ", excluded days moved")
        }
        if case .manual = schedule { return "by hand" }
        if case .once = schedule { return "once" }
        if case .continuous = schedule { return "again and again" }
        if case .every(let interval) = schedule { return interval.description }
        if case .cron(let expressions) = schedule { return expressions.map(words).joined(separator: ", ") }
        return "\(schedule)"
    }

    private static func words(_ cron: CronSchedule) -> String {
        let zone = cron.timeZone.identifier
        let fields = cron.expression.split(separator: " ").map(String.init)
        guard fields.count == 5, fields[2] == "*", fields[3] == "*", let minute = Int(fields[0]) else {
            return simple[cron.expression].map { "\($0), \(zone)" } ?? "\(cron.expression) \(zone)"
        }
        let past = minute == 0 ? "" : " at minute \(minute)"
        if fields[4] == "*", fields[1] == "*" { return "every hour\(past)" }
        if fields[4] == "*", fields[1].hasPrefix("*/"), let hours = Int(fields[1].dropFirst(2)) {
            return "every \(hours) hours\(past), \(zone)"
        }
        guard let hour = Int(fields[1]) else { return "\(cron.expression) \(zone)" }
        let time = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute) \(zone)"
        if fields[4] == "*" { return "every day at \(time)" }
        if let day = Int(fields[4]) { return "every \(weekdays[day % 7]) at \(time)" }
        if fields[4] == "1-5" { return "on weekdays at \(time)" }
        return "\(cron.expression) \(zone)"
    }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let simple = [
        "@hourly": "every hour", "@daily": "every day at 00:00", "@midnight": "every day at 00:00",
        "@weekly": "every Sunday at 00:00", "@monthly": "on the first of each month",
        "@yearly": "on the first of January", "@annually": "on the first of January",
    ]
}
