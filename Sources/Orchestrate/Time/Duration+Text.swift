extension Duration {
    /// Whole microseconds, rounded towards zero.
    package var inMicroseconds: Int64 {
        let parts = components
        let (seconds, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return parts.seconds < 0 ? .min : .max }
        return seconds.addingReportingOverflow(parts.attoseconds / 1_000_000_000_000).partialValue
    }

    /// Seconds with their fraction.
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }

    /// As people write it, for messages: `1h 30m`, `45s`, `250ms`.
    package var shortText: String {
        var microseconds = inMicroseconds
        if microseconds == 0 { return "0s" }
        var text = microseconds < 0 ? "-" : ""
        microseconds = microseconds.magnitude > UInt64(Int64.max) ? .max : abs(microseconds)
        var parts: [String] = []
        for (unit, length) in [("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)]
            as [(String, Int64)]
        {
            if microseconds >= length {
                parts.append("\(microseconds / length)\(unit)")
                microseconds %= length
            }
        }
        if microseconds > 0, parts.isEmpty {
            parts.append(microseconds >= 1000 ? "\(microseconds / 1000)ms" : "\(microseconds)us")
        }
        text += parts.joined(separator: " ")
        return text
    }
}

extension Duration {
    /// Reads `90s`, `60m`, `1h30m`, `1 day 6 hours`, `1.5h`, `250ms`, ISO 8601 `PT1H30M`, or bare seconds `3600`.
    /// - Throws: `OrchestrateError` with code `schedule.bad_duration`.
    package init(parsing text: String) throws(OrchestrateError) {
        let trimmed = text.utf8.drop { $0 == 0x20 }
        let isISO = trimmed.first == UInt8(ascii: "P") || trimmed.first == UInt8(ascii: "p")
        var reader = DurationReader(text)
        self = isISO ? try reader.readISO() : try reader.readUnits()
    }
}
