/// How counts and sizes are told to people.
enum Amount {
    /// `1,234,567`.
    static func count(_ number: Int) -> String {
        let digits = Array("\(number.magnitude)")
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// `999`, `12.4 k`, `3.1 M`.
    static func short(_ number: Int) -> String { scaled(number, 1000, ["", " k", " M", " G", " T"]) }

    /// `512 B`, `1.4 MB`: multiples of 1,024.
    static func bytes(_ number: Int) -> String { scaled(number, 1024, [" B", " kB", " MB", " GB", " TB"]) }

    private static func scaled(_ number: Int, _ factor: Double, _ units: [String]) -> String {
        var value = Double(number)
        var unit = 0
        while value >= factor, unit + 1 < units.count {
            value /= factor
            unit += 1
        }
        let text = unit == 0 || value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + units[unit]
    }
}
