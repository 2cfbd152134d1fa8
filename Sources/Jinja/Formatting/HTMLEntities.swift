/// The character references of HTML, decoded as Python's `html.unescape` does.
enum HTMLEntities {
    private static let named: [Substring: String] = {
        var map: [Substring: String] = [:]
        for entry in table.split(whereSeparator: \.isWhitespace) {
            guard let colon = entry.firstIndex(of: ":") else { continue }
            let points = entry[entry.index(after: colon)...].split(separator: "+")
            var text = String.UnicodeScalarView()
            text.append(contentsOf: points.compactMap { UInt32($0, radix: 16).flatMap { Unicode.Scalar($0) } })
            map[entry[..<colon]] = String(text)
        }
        return map
    }()

    private static let legacy = Set(legacyNames.split(whereSeparator: \.isWhitespace))

    /// What the numbers 0x80 to 0x9F mean: the characters of Windows-1252.
    private static let windows: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
        0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E,
        0x0178,
    ]

    /// Decodes the references in a text; what is none stays.
    static func unescape(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var output = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let mark = rest.firstIndex(of: "&") {
            output.append(contentsOf: rest[..<mark])
            rest = rest[rest.index(after: mark)...]
            if rest.first == "#" {
                if let (decoded, end) = number(rest.dropFirst()) {
                    output.append(contentsOf: decoded.unicodeScalars)
                    rest = rest[end...]
                } else {
                    output.append("&")
                }
            } else {
                let (decoded, end) = name(rest)
                output.append(contentsOf: decoded.unicodeScalars)
                rest = rest[end...]
            }
        }
        output.append(contentsOf: rest)
        return String(output)
    }

    private typealias Scalars = Substring.UnicodeScalarView

    /// The character of a number, without its `#`.
    private static func number(_ text: Scalars) -> (String, Scalars.Index)? {
        let isHexadecimal = text.first == "x" || text.first == "X"
        let body = isHexadecimal ? text.dropFirst() : text
        let digits = body.prefix { isHexadecimal ? $0.properties.isASCIIHexDigit : ("0"..."9").contains($0) }
        guard !digits.isEmpty else { return nil }
        let end =
            digits.endIndex < text.endIndex && text[digits.endIndex] == ";" ? text.index(after: digits.endIndex) : digits.endIndex
        var value = UInt32(String(digits), radix: isHexadecimal ? 16 : 10) ?? UInt32.max
        if (0x80...0x9F).contains(value) { value = windows[Int(value - 0x80)] }
        if value == 0 { value = 0xFFFD }
        let isControl = value < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D].contains(value)
        if isControl || (0xFDD0...0xFDEF).contains(value) || (value & 0xFFFE == 0xFFFE && value < 0x110000)
            || value == 0x7F || value == 0x0B
        {
            return ("", end)
        }
        return (String(Unicode.Scalar(value) ?? "\u{FFFD}"), end)
    }

    /// The characters of a name with or without a semicolon, else the text as it was.
    private static func name(_ text: Scalars) -> (String, Scalars.Index) {
        let word = text.prefix(32).prefix { !"\t\n\u{C} <&#;".unicodeScalars.contains($0) }
        if word.endIndex < text.endIndex, text[word.endIndex] == ";", let found = named[Substring(word)] {
            return (found, text.index(after: word.endIndex))
        }
        var end = word.endIndex
        while end > word.startIndex {
            let start = Substring(word[..<end])
            if start.unicodeScalars.count > 1, legacy.contains(start), let found = named[start] { return (found, end) }
            end = word.index(before: end)
        }
        return ("&", text.startIndex)
    }
}
