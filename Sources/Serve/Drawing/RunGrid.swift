import Orchestrate

/// Runs by tasks: a column for each run, the newest right, a row for each task, a square for how it went.
struct RunGrid {
    struct Column {
        let run: RunRecord
        let states: [TaskID: TaskState]
    }

    struct Row {
        let task: TaskID
        /// The group that it stands in; nil for none.
        let group: String?
    }

    let rows: [Row]
    /// The oldest first.
    let columns: [Column]
    let now: Timestamp

    func html() -> String {
        guard !columns.isEmpty else { return "<p class=\"empty\">It has never run.</p>" }
        var html = "<div class=\"drawing\"><table class=\"runs-grid\"><thead><tr><th></th>"
        let longest = max(columns.compactMap { $0.run.duration(now: now)?.inSeconds }.max() ?? 0, 0.001)
        for column in columns {
            let seconds = column.run.duration(now: now)?.inSeconds ?? 0
            let height = max(4, 40 * seconds / longest)
            let title = "\(column.run.state.rawValue), \(Moment.duration(.seconds(seconds))), \(column.run.id.name)"
            html +=
                "<td>" + "<a href=\"\(SVG.escape(Paths.run(column.run.id)))\" title=\"\(SVG.escape(title))\" class=\"column\">"
                + "<svg width=\"16\" height=\"42\" aria-hidden=\"true\">"
                + SVG.rect(x: 2, y: 42 - height, width: 12, height: height, radius: 2, class: "s-\(column.run.state.rawValue)")
                + "</svg></a></td>"
        }
        html += "</tr></thead><tbody>"
        var group: String?
        for row in rows {
            if let name = row.group, name != group {
                html += "<tr class=\"group\"><th scope=\"row\">\(SVG.escape(name))</th></tr>"
            }
            group = row.group
            html += "<tr\(group == nil ? "" : " class=\"inner\"")><th scope=\"row\">\(SVG.escape(shortName(of: row)))</th>"
            for column in columns { html += cell(row.task, column) }
            html += "</tr>"
        }
        return html + "</tbody></table></div>"
    }

    private func shortName(of row: Row) -> String {
        guard let group = row.group, row.task.rawValue.hasPrefix(group + ".") else { return row.task.rawValue }
        return String(row.task.rawValue.dropFirst(group.count + 1))
    }

    private func cell(_ task: TaskID, _ column: Column) -> String {
        guard let state = column.states[task] else { return "<td></td>" }
        let title = SVG.escape("\(task): \(state.rawValue)")
        return
            "<td><a class=\"cell s-\(state.rawValue)\" href=\"\(SVG.escape(Paths.task(task, of: column.run.id)))\" title=\"\(title)\"><span class=\"hide\">\(title)</span></a></td>"
    }
}
