import Diagnostics
import Documents

/// When something runs by itself.
package enum ScheduleEntry: Sendable, Hashable {
    case manual
    /// A cron expression and the IANA time zone it is read in.
    case cron(String, timezone: String)
    /// An interval such as `6h`.
    case every(String)

    init(_ node: YAMLNode, of subject: String) throws {
        if node.string == "manual" {
            self = .manual
            return
        }
        if let expression = node.string {
            self = .cron(expression, timezone: "UTC")
            return
        }
        var keys = try YAMLMapping(node, of: "the schedule of \(subject)")
        let cron = try keys.string("cron")
        let every = try keys.string("every")
        let timezone = try keys.string("timezone") ?? "UTC"
        try keys.finish()
        switch (cron, every) {
        case (let expression?, nil): self = .cron(expression, timezone: timezone)
        case (nil, let interval?): self = .every(interval)
        default:
            throw DocumentError(
                .badValue, "the schedule of \(subject) needs either 'cron' or 'every'", location: node.location,
                hint: #"write {cron: "0 */6 * * *", timezone: UTC}, {every: 6h} or manual"#)
        }
    }
}
