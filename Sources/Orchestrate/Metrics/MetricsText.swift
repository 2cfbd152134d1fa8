/// Metrics in Prometheus' text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
package struct MetricsText {
    package enum Kind: String {
        case counter, gauge, histogram
    }

    /// Names and values, in the order in which they are written.
    package typealias Labels = [(name: String, value: String)]

    package private(set) var text = ""

    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package init() {}

    /// Begins a metric. All of its samples follow.
    package mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text +=
            "# HELP \(name) \(help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    package mutating func sample(_ name: String, _ labels: Labels = [], _ value: Double) {
        let whole = value.rounded() == value && abs(value) < 1e15
        text += "\(name)\(Self.written(labels)) \(whole ? String(Int(value)) : String(value))\n"
    }

    /// A metric with one sample.
    package mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        begin(name, kind, help)
        sample(name, value)
    }

    package mutating func sample(_ name: String, _ value: Double) { sample(name, [], value) }

    package mutating func samples(_ name: String, _ labels: Labels, _ histogram: Histogram) {
        var sum = 0
        for (bound, count) in zip(Histogram.bounds.map { String($0) } + ["+Inf"], histogram.counts) {
            sum += count
            sample(name + "_bucket", labels + [("le", bound)], Double(sum))
        }
        sample(name + "_sum", labels, histogram.sum)
        sample(name + "_count", labels, Double(sum))
    }

    private static func written(_ labels: Labels) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { label in
            let value = label.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(label.name)=\"\(value)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }
}

/// How often values fell below each of a few bounds, in seconds.
package struct Histogram: Sendable {
    static let bounds = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 1800, 3600]

    /// Of each bound those that are above the one before it; the last is of what is above all.
    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var sum = 0.0

    mutating func add(_ value: Duration) {
        let seconds = max(0, value.inSeconds)
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
    }
}
