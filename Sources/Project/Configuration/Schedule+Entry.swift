import Diagnostics
import Documents
import Orchestrate

extension Schedule {
    /// Reads a `schedule:` of leat.yml: `manual`, a cron expression or preset (`@daily`), `once`, `continuous`,
    /// `{cron: "0 */6 * * *", timezone: Europe/Berlin}` (one expression or a list) or `{every: 6h}`.
    ///
    /// - Parameters:
    ///   - anchor: the moment from which intervals are counted; by default 1970-01-01T00:00:00Z.
    ///   - calendars: those of the file, by name.
    /// - Throws: `DocumentError` or `OrchestrateError` with the place of the key that is wrong.
    init(_ node: YAMLNode, of subject: String, anchor: Timestamp? = nil, calendars: [String: ExclusionCalendar]) throws {
        switch node.string {
        case "manual": self = .manual
        case "once", "@once": self = .once
        case "continuous", "@continuous": self = .continuous
        case let expression?:
            self = try located(at: node.location) { () throws(OrchestrateError) in
                .cron([try CronSchedule(expression)])
            }
        case nil: try self.init(mapping: node, of: subject, anchor: anchor, calendars: calendars)
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

    /// The changes of data that a `schedule:` names beside times.
    static func data(of node: YAMLNode?, of subject: String) throws -> DataCondition? {
        try node?["when"].map { try DataCondition($0, of: "'when' of the schedule of \(subject)") }
    }

    /// The time zone that a `schedule:` names; UTC where it names none.
    static func timeZone(of node: YAMLNode?) throws -> TimeZoneRules {
        guard let zone = node?["timezone"] else { return .utc }
        return try located(at: zone.location) { () throws(OrchestrateError) in try TimeZoneRules(zone.scalarText) }
    }

    private init(mapping node: YAMLNode, of subject: String, anchor: Timestamp?, calendars: [String: ExclusionCalendar]) throws {
        var keys = try YAMLMapping(node, of: "the schedule of \(subject)")
        let cronNode = keys.optional("cron")
        let expressions = try keys.strings("cron")
        let everyNode = keys.optional("every")
        let interval = try keys.string("every")
        let zoneNode = keys.optional("timezone")
        let zoneName = try keys.string("timezone")
        let dialect = try Self.dialect(keys.optional("dialect"))
        let exceptNode = keys.optional("except")
        let ruleNode = keys.optional("excluded")
        let hasData = keys.optional("when") != nil
        try keys.finish()
        let zone = try located(at: zoneNode?.location ?? node.location) { () throws(OrchestrateError) in
            try zoneName.map { name throws(OrchestrateError) in try TimeZoneRules(name) } ?? .utc
        }
        let excluded = try exceptNode.map { try Self.excluded($0, of: subject, calendars) }
        let rule = try ruleNode.map { try Self.rule($0) } ?? .skip
        let base: Schedule
        switch (expressions, interval) {
        case (nil, nil) where hasData: base = .manual
        case (let expressions?, nil) where !expressions.isEmpty:
            base = try located(at: cronNode?.location ?? node.location) { () throws(OrchestrateError) in
                .cron(
                    try expressions.map { text throws(OrchestrateError) in
                        try CronSchedule(text, timeZone: zone, dialect: dialect)
                    })
            }
        case (nil, let interval?):
            base = try located(at: everyNode?.location ?? node.location) { () throws(OrchestrateError) in
                .every(
                    try IntervalSchedule(every: Duration(parsing: interval), anchor: anchor ?? Timestamp(seconds: 0)))
            }
        default:
            throw DocumentError(
                .badValue, "the schedule of \(subject) needs either 'cron' or 'every'", location: node.location,
                hint: #"write {cron: "0 */6 * * *", timezone: UTC}, {every: 6h}, {when: {connection: NAME}} or manual"#)
        }
        guard let excluded, base.isTimed else {
            self = base
            return
        }
        self = .calendar(CalendarSchedule(base, excluding: excluded, rule: rule, zone: zone))
    }

    private static func excluded(
        _ node: YAMLNode, of subject: String, _ calendars: [String: ExclusionCalendar]
    ) throws -> ExclusionCalendar {
        var union = ExclusionCalendar()
        for item in node.items ?? [node] {
            guard let calendar = calendars[item.scalarText] else {
                throw ProjectError.unknown("calendar", item.scalarText, among: calendars.keys.sorted(), location: item.location)
            }
            union.formUnion(calendar)
        }
        return union
    }

    private static func rule(_ node: YAMLNode) throws -> CalendarSchedule.Rule {
        if let rule = CalendarSchedule.Rule(rawValue: node.scalarText) { return rule }
        let names = CalendarSchedule.Rule.allCases.map(\.rawValue)
        throw DocumentError(
            .badValue, "'excluded' cannot be '\(node.scalarText)'", location: node.location,
            hint: Suggestion.hint(for: node.scalarText, in: names) ?? "it is one of: \(names.joined(separator: ", "))")
    }
}
