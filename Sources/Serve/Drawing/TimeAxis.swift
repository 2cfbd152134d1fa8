import Orchestrate

/// Maps a span of time to points, and draws its ticks at round times.
struct TimeAxis {
    let start: Timestamp
    let end: Timestamp
    let left: Double
    let width: Double

    func x(_ moment: Timestamp) -> Double {
        let span = max((end - start).inSeconds, 0.001)
        return left + width * min(max((moment - start).inSeconds / span, 0), 1)
    }

    private static let steps: [Double] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
        10_800,
        21_600, 43_200, 86_400, 172_800, 604_800,
    ]

    /// Rules with times of day, about one in 90 points.
    func ticks(top: Double, bottom: Double) -> String {
        ticks(from: Timestamp(seconds: 0), top: top, bottom: bottom) { moment in
            let civil = CivilTime(secondsSince1970: moment.seconds)
            return "\(civil.hour):\(civil.minute < 10 ? "0" : "")\(civil.minute)"
        }
    }

    /// Rules with the time since the start.
    func elapsedTicks(top: Double, bottom: Double) -> String {
        ticks(from: start, top: top, bottom: bottom) { Moment.duration($0 - start) }
    }

    private func ticks(from origin: Timestamp, top: Double, bottom: Double, label: (Timestamp) -> String) -> String {
        let span = max((end - start).inSeconds, 0.001)
        let wanted = span / max(width / 90, 1)
        let step = Int64((Self.steps.first { $0 >= wanted } ?? 604_800) * 1e6)
        let passed = start.microseconds - origin.microseconds
        var tick = origin.microseconds + (passed + step - 1) / step * step
        var content = ""
        while tick <= end.microseconds {
            let moment = Timestamp(microseconds: tick)
            let place = x(moment)
            content += SVG.line(x1: place, y1: top, x2: place, y2: bottom, class: "rule")
            // What would be cut off at the end is left out.
            let text = label(moment)
            if place + 3 + Double(text.count) * 6.6 <= left + width + 20 {
                content += SVG.text(text, x: place + 3, y: top + 10, class: "soft")
            }
            tick += step
        }
        return content
    }
}
