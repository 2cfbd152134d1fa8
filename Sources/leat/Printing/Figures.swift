import Diagnostics

/// Numbers as people read them.
enum Figures {
    /// `1 row`, `1,234 rows`.
    static func counted(_ value: Int, _ singular: String) -> String {
        "\(value.grouped) \(singular)\(value == 1 ? "" : "s")"
    }

    /// `0.04 s`, `12.3 s`, `4 min 05 s`, `2 h 03 min`.
    static func time(_ duration: Duration) -> String {
        let parts = duration.components
        let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        switch seconds {
        case ..<10: return fixed(seconds, places: 2) + " s"
        case ..<60: return fixed(seconds, places: 1) + " s"
        case ..<3600: return "\(Int(seconds) / 60) min \(padded(Int(seconds) % 60)) s"
        default: return "\(Int(seconds) / 3600) h \(padded(Int(seconds) % 3600 / 60)) min"
        }
    }

    /// `512 B`, `1.4 MB`.
    static func bytes(_ value: Int) -> String {
        var amount = Double(value)
        for unit in ["B", "kB", "MB", "GB"] {
            if amount < 1000 { return (unit == "B" ? "\(value)" : fixed(amount, places: 1)) + " " + unit }
            amount /= 1000
        }
        return fixed(amount, places: 1) + " TB"
    }

    private static func fixed(_ value: Double, places: Int) -> String {
        let scale = places == 1 ? 10.0 : 100.0
        let scaled = Int((value * scale).rounded())
        let fraction = String(scaled % Int(scale))
        return "\(scaled / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
