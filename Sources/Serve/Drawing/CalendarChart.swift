import Orchestrate

/// A year of days, a column for each week: green where all runs went well, red the more the more failed.
struct CalendarChart {
    let days: [RunDay]
    let now: Timestamp

    /// How many columns it has, the one of today included.
    static let weeks = 53

    func svg() -> String {
        let today = CivilTime(secondsSince1970: now.seconds).days
        let first = today - (Self.weeks - 1) * 7 - (CivilTime(secondsSince1970: now.seconds).weekday + 6) % 7
        let counts = Dictionary(days.map { ($0.day, (all: $0.all, failed: $0.failed)) }, uniquingKeysWith: { first, _ in first })
        var content = ""
        for (row, name) in ["Mon", "", "Wed", "", "Fri", "", "Sun"].enumerated() {
            content += SVG.text(name, x: 6, y: 34 + Double(row) * 17, class: "soft")
        }
        var month = 0
        for day in first...today {
            let date = CivilTime(secondsSince1970: Int64(day) * 86_400)
            let column = Double((day - first) / 7)
            let x = 40 + column * 17
            if date.month != month, (day - first) % 7 == 0 {
                month = date.month
                content += SVG.text(Self.months[month - 1], x: x, y: 14, class: "soft")
            }
            let count = counts[day] ?? (0, 0)
            let state =
                count.all == 0 ? "none" : count.failed == 0 ? "success" : count.failed == count.all ? "failed" : "upstream_failed"
            let text = "\(date.description.prefix(10)): \(count.all) run\(count.all == 1 ? "" : "s"), \(count.failed) failed"
            content +=
                "<g><title>\(text)</title>"
                + SVG.rect(x: x, y: 22 + Double((day - first) % 7) * 17, width: 14, height: 14, radius: 3, class: "s-\(state)")
                + "</g>"
        }
        return SVG.drawing(width: 40 + Double(Self.weeks) * 17 + 10, height: 150, label: "runs by day", content)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
