extension DateTime {
    /// Python's `strftime` for the directives that people use.
    func formatted(_ format: String) -> String {
        var text = ""
        var scalars = format.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "%" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            guard var directive = scalars.next() else {
                text += "%"
                break
            }
            let isBare = directive == "-"
            if isBare {
                guard let next = scalars.next() else { break }
                directive = next
            }
            let piece = self.piece(directive) ?? "%" + String(directive)
            text += isBare ? String(piece.drop { $0 == "0" && piece.count > 1 }) : piece
        }
        return text
    }

    private func piece(_ directive: Unicode.Scalar) -> String? {
        let (year, month, day) = civil
        switch directive {
        case "Y": return Self.padded(year, 4)
        case "y": return Self.padded(year % 100, 2)
        case "m": return Self.padded(month, 2)
        case "d": return Self.padded(day, 2)
        case "H": return Self.padded(hour, 2)
        case "I": return Self.padded((hour + 11) % 12 + 1, 2)
        case "M": return Self.padded(minute, 2)
        case "S": return Self.padded(second, 2)
        case "f": return Self.padded(microsecond, 6)
        case "p": return hour < 12 ? "AM" : "PM"
        case "j": return Self.padded(dayOfYear, 3)
        case "A": return Self.weekdays[weekday]
        case "a": return String(Self.weekdays[weekday].prefix(3))
        case "B": return Self.months[month - 1]
        case "b", "h": return String(Self.months[month - 1].prefix(3))
        case "w": return String((weekday + 1) % 7)
        case "u": return String(weekday + 1)
        case "z": return offset.map { Self.offsetText($0, colon: false) } ?? ""
        case "Z": return offset == 0 ? "UTC" : ""
        case "s": return String(microseconds / 1_000_000 - (offset ?? 0))
        case "F": return isoDate
        case "T": return clock
        case "D": return formatted("%m/%d/%y")
        case "U": return Self.padded((dayOfYear + 6 - (weekday + 1) % 7) / 7, 2)
        case "W": return Self.padded((dayOfYear + 6 - weekday) / 7, 2)
        case "%": return "%"
        default: return nil
        }
    }

    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    /// Python's `strptime` for the directives with numbers.
    init?(_ text: String, format: String) {
        var rest = Substring(text)
        var parts: [Character: Int] = [:]
        var characters = format.makeIterator()
        while let character = characters.next() {
            guard character == "%", let directive = characters.next() else {
                guard rest.first == character else { return nil }
                rest.removeFirst()
                continue
            }
            let width: Int
            switch directive {
            case "Y": width = 4
            case "j": width = 3
            case "f": width = 6
            case "m", "d", "H", "M", "S", "y": width = 2
            default: return nil
            }
            let digits = rest.prefix(width).prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits) else { return nil }
            parts[directive] = directive == "f" ? number * [100_000, 10_000, 1000, 100, 10, 1][digits.count - 1] : number
            rest = rest.dropFirst(digits.count)
        }
        guard rest.isEmpty else { return nil }
        let year = parts["Y"] ?? parts["y"].map { $0 < 69 ? 2000 + $0 : 1900 + $0 } ?? 1900
        let month = parts["m"] ?? 1
        let day = parts["d"] ?? 1
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.init(
            year: year, month: month, day: day, hour: parts["H"] ?? 0, minute: parts["M"] ?? 0, second: parts["S"] ?? 0,
            microsecond: parts["f"] ?? 0)
    }
}
