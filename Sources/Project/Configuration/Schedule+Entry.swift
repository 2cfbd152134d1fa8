import Diagnostics
import Documents
import Orchestrate

extension Schedule {
    /// Reads a `schedule:` of leat.yml: `manual`, a cron expression or preset (`@daily`), `once`, `continuous`,
    /// `{cron: "0 */6 * * *", timezone: Europe/Berlin}` (one expression or a list) or `{every: 6h}`.
    ///
    /// - Parameter anchor: the moment from which intervals are counted; by default 1970-01-01T00:00:00Z.
    /// - Throws: `DocumentError` or `OrchestrateError` with the place of the key that is wrong.
    init(_ node: YAMLNode, of subject: String, anchor: Timestamp? = nil) throws {
        switch node.string {
        case "manual": self = .manual
        case "once", "@once": self = .once
        case "continuous", "@continuous": self = .continuous
        case let expression?:
            self = try located(at: node.location) { () throws(OrchestrateError) in
                .cron([try CronSchedule(expression)])
            }
        case nil: try self.init(mapping: node, of: subject, anchor: anchor)
        }
    }

    /// How a `cron:` is written: `standard`, or `quartz` as Airbyte writes it.
    private static func dialect(_ node: YAMLNode?) throws -> CronSchedule.Dialect {
        switch node?.scalarText {
        case nil, "standard": .standard
        case "quartz": .quartz
        case let word?:
            throw DocumentError(
                .badValue, "there is no dialect '\(word)' of cron", location: node?.location, hint: "it is standard or quartz")
        }
    }

    /// The time zone that a `schedule:` names; UTC where it names none.
    static func timeZone(of node: YAMLNode?) throws -> TimeZoneRules {
        guard let zone = node?["timezone"] else { return .utc }
        return try located(at: zone.location) { () throws(OrchestrateError) in try TimeZoneRules(zone.scalarText) }
    }

    private init(mapping node: YAMLNode, of subject: String, anchor: Timestamp?) throws {
        var keys = try YAMLMapping(node, of: "the schedule of \(subject)")
        let cronNode = keys.optional("cron")
        let expressions = try keys.strings("cron")
        let everyNode = keys.optional("every")
        let interval = try keys.string("every")
        let zoneNode = keys.optional("timezone")
        let zoneName = try keys.string("timezone")
        let dialect = try Self.dialect(keys.optional("dialect"))
        try keys.finish()
        let zone = try located(at: zoneNode?.location ?? node.location) { () throws(OrchestrateError) in
            try zoneName.map { name throws(OrchestrateError) in try TimeZoneRules(name) } ?? .utc
        }
        switch (expressions, interval) {
        case (let expressions?, nil) where !expressions.isEmpty:
            self = try located(at: cronNode?.location ?? node.location) { () throws(OrchestrateError) in
                .cron(
                    try expressions.map { text throws(OrchestrateError) in
                        try CronSchedule(text, timeZone: zone, dialect: dialect)
                    })
            }
        case (nil, let interval?):
            self = try located(at: everyNode?.location ?? node.location) { () throws(OrchestrateError) in
                .every(
                    try IntervalSchedule(every: Duration(parsing: interval), anchor: anchor ?? Timestamp(seconds: 0)))
            }
        default:
            throw DocumentError(
                .badValue, "the schedule of \(subject) needs either 'cron' or 'every'", location: node.location,
                hint: #"write {cron: "0 */6 * * *", timezone: UTC}, {every: 6h} or manual"#)
        }
    }
}
