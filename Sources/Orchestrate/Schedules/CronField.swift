/// What values one field of a cron expression takes.
struct CronField {
    let name: String
    let low: Int
    let high: Int
    var names: [String] = []
    var firstNamed = 0
    var allowsQuestionMark = false
    /// The highest value that is not another name of the lowest.
    var cycleHigh: Int

    private init(
        _ name: String, _ range: ClosedRange<Int>, names: [String] = [], firstNamed: Int = 0, allowsQuestionMark: Bool = false,
        cycleHigh: Int? = nil
    ) {
        self.name = name
        low = range.lowerBound
        high = range.upperBound
        self.names = names
        self.firstNamed = firstNamed
        self.allowsQuestionMark = allowsQuestionMark
        self.cycleHigh = cycleHigh ?? range.upperBound
    }

    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    static let second = CronField("second", 0...59)
    static let minute = CronField("minute", 0...59)
    static let hour = CronField("hour", 0...23)
    static let day = CronField("day of month", 1...31, allowsQuestionMark: true)
    static let daysBeforeLast = CronField("number of days before the last", 0...30)
    static let month = CronField("month", 1...12, names: monthNames, firstNamed: 1)
    static let weekday = CronField("day of week", 0...7, names: weekdayNames, allowsQuestionMark: true, cycleHigh: 6)
    static let quartzWeekday = CronField("day of week", 1...7, names: weekdayNames, firstNamed: 1, allowsQuestionMark: true)
    static let weekOfMonth = CronField("week of the month", 1...5)
    static let year = CronField("year", 1970...2199)
}
