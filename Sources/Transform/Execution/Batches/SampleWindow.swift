import Documents

/// The window of time that `--sample` cuts inputs to.
enum SampleWindow {
    /// Reads `3 days`, or `{start: 2024-01-01, end: 2024-01-03}`.
    ///
    /// - Throws: ``TransformError`` where it is neither.
    static func window(_ text: String, now: DateTime) throws -> EventWindow {
        let trimmed = text.trimmingWhitespaceBytes
        if trimmed.hasPrefix("{") {
            let members = try YAMLDocument.parse(trimmed, file: "--sample")?.json
            return EventWindow(
                start: try BatchPlan.time(members?["start"]?.string, "the start of --sample"),
                end: try BatchPlan.time(members?["end"]?.string, "the end of --sample"))
        }
        let words = trimmed.split(separator: " ")
        guard words.count == 2 else {
            throw TransformError(.selector, "Cannot load SAMPLE_WINDOW from '\(text)'. Must be of form 'DAYS_INT GRAIN_SIZE'.")
        }
        guard let count = Int(words[0]) else {
            throw TransformError(.selector, "Unable to convert '\(words[0])' to an integer.")
        }
        var grain = words[1].lowercased()
        if grain.hasSuffix("s") { grain.removeLast() }
        guard let size = BatchSize(rawValue: grain) else {
            let sizes = BatchSize.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw TransformError(.selector, "Invalid grain size '\(words[1])'. Must be one of [\(sizes)].")
        }
        // Hours and days are counted back from this moment; months and years by the calendar.
        let start =
            switch size {
            case .hour: DateTime(microseconds: now.microseconds - count * 3_600_000_000, offset: 0)
            case .day: DateTime(microseconds: now.microseconds - count * 86_400_000_000, offset: 0)
            case .month, .year:
                DateTime(
                    microseconds: size.moved(now, by: -count).microseconds + now.microseconds
                        - size.truncated(now).microseconds, offset: 0)
            }
        return EventWindow(start: start, end: now)
    }
}
