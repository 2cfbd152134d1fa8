import Diagnostics
import Orchestrate

extension RunTree {
    /// The tree as lines of text, no longer than `height` lines where that is given.
    ///
    /// Where `width` columns are too few, names are cut before figures are.
    /// Groups whose tasks all succeeded are one line; a tree that is still too high shows what runs and what failed.
    func lines(now: Timestamp, frame: Int, style: Style, width: Int, height: Int? = nil) -> [String] {
        var rows: [Row] = []
        for (index, item) in items.enumerated() {
            append(item, isLast: index == items.count - 1, indent: "", to: &rows, now: now, frame: frame)
        }
        if let height, rows.count > height {
            let important = rows.filter { $0.state == .running || $0.state?.isFailure == true }
            let shown = Array(important.prefix(max(1, height - 1)))
            let hidden = rows.count - shown.count
            rows = shown + [Row(label: "… \(hidden) more", mark: " ", colour: .dim, details: [], state: nil)]
        }
        let longest = rows.map { TextTable.width($0.tree + $0.label) }.max() ?? 0
        let column = min(longest, max(12, width - Self.roomForDetails))
        return rows.map { row in
            let label = Self.cut(row.label, to: column - TextTable.width(row.tree))
            let padding = String(repeating: " ", count: max(2, column + 2 - TextTable.width(row.tree + label)))
            let details = row.details.filter { !$0.isEmpty }.joined(separator: "  ")
            let text = row.tree + style(row.mark, row.colour) + " " + label
            return details.isEmpty ? text : text + padding + style(details, .dim)
        }
    }

    /// Columns of a terminal that a mark, a count and a time need beside the name.
    private static let roomForDetails = 30

    private static func cut(_ label: String, to width: Int) -> String {
        guard TextTable.width(label) > width else { return label }
        var text = ""
        for character in label where TextTable.width(text) + 1 < width { text.append(character) }
        return text + "…"
    }

    private struct Row {
        var tree = ""
        var label: String
        var mark: String
        var colour: Style.Colour
        var details: [String]
        var state: TaskState?
    }

    private func append(
        _ item: Item, isLast: Bool, indent: String, to rows: inout [Row], now: Timestamp, frame: Int
    ) {
        let branch = indent + (isLast ? "└ " : "├ ")
        switch item {
        case .task(let id, let label):
            let entry = entries[id] ?? Entry()
            let (mark, colour) = Self.mark(entry.state, frame: frame)
            rows.append(
                Row(
                    tree: branch, label: label, mark: mark, colour: colour, details: details(of: entry, now: now),
                    state: entry.state))
        case .group(_, let label, let items):
            let members = Self.tasks(of: item).compactMap { entries[$0] }
            let state = Self.state(of: members)
            let (mark, colour) = Self.mark(state, frame: frame)
            rows.append(
                Row(
                    tree: branch, label: label, mark: mark, colour: colour,
                    details: groupDetails(of: members, item: item, now: now), state: nil))
            // The outermost groups stay open, so that the shape of the run can be seen.
            if state == .success && !indent.isEmpty || state == .none { return }
            for (index, child) in items.enumerated() {
                append(
                    child, isLast: index == items.count - 1, indent: indent + (isLast ? "  " : "│ "), to: &rows,
                    now: now, frame: frame)
            }
        }
    }

    /// A group's state: the worst of its tasks'.
    private static func state(of members: [Entry]) -> TaskState {
        let states = members.map(\.state)
        if states.contains(.failed) { return .failed }
        if states.contains(.upForRetry) { return .upForRetry }
        if states.contains(where: \.isActive) { return .running }
        if states.allSatisfy({ $0 == .success }) { return .success }
        if states.allSatisfy({ $0 == .none || $0 == .scheduled }) { return .none }
        if states.contains(.upstreamFailed) { return .upstreamFailed }
        return states.allSatisfy(\.isFinished) ? .skipped : .running
    }

    private func details(of entry: Entry, now: Timestamp) -> [String] {
        var details: [String] = []
        switch entry.state {
        case .none, .scheduled: return []
        case .queued: return ["queued"]
        case .skipped, .upstreamFailed: return [entry.message ?? "skipped"]
        default: break
        }
        if let message = entry.message {
            details.append(message)
        } else if let rows = entry.rows {
            details.append(Figures.counted(rows, "row"))
        }
        if let startedAt = entry.startedAt { details.append(Figures.time((entry.finishedAt ?? now) - startedAt)) }
        if entry.isLate { details.append("late") }
        return details
    }

    private func groupDetails(of members: [Entry], item: Item, now: Timestamp) -> [String] {
        let done = members.count { $0.state.isFinished }
        var details: [String] = []
        if case .group(_, _, let items) = item, case .task(let first, _)? = items.first,
            let entry = entries[first], entry.state == .success, let message = entry.message
        {
            details.append(message)
        }
        details.append("\(done)/\(members.count)")
        if let start = members.compactMap(\.startedAt).min() {
            let end = done == members.count ? members.compactMap(\.finishedAt).max() ?? now : now
            details.append(Figures.time(end - start))
        }
        return details
    }

    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    private static func mark(_ state: TaskState, frame: Int) -> (String, Style.Colour) {
        switch state {
        case .none, .scheduled, .removed: ("·", .dim)
        case .queued: ("·", .cyan)
        case .running: (spinner[frame % spinner.count], .cyan)
        case .success: ("✓", .green)
        case .failed: ("✗", .red)
        case .skipped, .upstreamFailed: ("-", .yellow)
        case .upForRetry: ("↻", .yellow)
        }
    }
}
