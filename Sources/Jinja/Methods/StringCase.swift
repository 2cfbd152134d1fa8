/// The methods of strings that change case.
enum StringCase {
    static func call(_ method: Method, _ text: String) throws -> Value? {
        switch method {
        case .upper: .string(uppercased(text))
        case .lower: .string(lowercased(text))
        case .casefold: .string(folded(text))
        case .capitalize: .string(capitalized(text))
        case .title: .string(titled(text))
        case .swapcase: .string(swapped(text))
        default: nil
        }
    }

    /// The text in upper case.
    static func uppercased(_ text: String) -> String {
        SmallText.cased(text, isUpper: true) ?? Text.mapASCII(text, Text.upper) ?? text.uppercased()
    }

    /// The text in lower case; a sigma at the end of a word gets its final form.
    static func lowercased(_ text: String) -> String {
        if let result = SmallText.cased(text, isUpper: false) ?? Text.mapASCII(text, Text.lower) { return result }
        guard text.unicodeScalars.contains("\u{3A3}") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
            let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
            let isFinal = scalar == "\u{3A3}" && before?.properties.isCased == true && after?.properties.isCased != true
            result += isFinal ? "\u{3C2}" : scalar.properties.lowercaseMapping
        }
        return result
    }

    /// The first character in title case, the others in lower case.
    static func capitalized(_ text: String) -> String {
        var isFirst = true
        let plain = Text.mapASCII(text) { byte in
            defer { isFirst = false }
            return isFirst ? Text.upper(byte) : Text.lower(byte)
        }
        if let plain { return plain }
        guard let first = text.unicodeScalars.first else { return text }
        return first.properties.titlecaseMapping + lowercased(String(text.unicodeScalars.dropFirst()))
    }

    /// Each run of cased characters capitalised.
    private static func titled(_ text: String) -> String {
        var followsCased = false
        let plain = Text.mapASCII(text) { byte in
            defer { followsCased = Text.isLetter(byte) }
            return followsCased ? Text.lower(byte) : Text.upper(byte)
        }
        if let plain { return plain }
        var result = ""
        for scalar in text.unicodeScalars {
            result += followsCased ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            followsCased = scalar.properties.isCased
        }
        return result
    }

    private static func swapped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            result += scalar.properties.isUppercase ? scalar.properties.lowercaseMapping : scalar.properties.uppercaseMapping
        }
        return result
    }

    /// The text for comparisons that ignore case: Unicode's full case folding.
    static func folded(_ text: String) -> String {
        if let plain = Text.mapASCII(text, Text.lower) { return plain }
        var result = ""
        for scalar in text.unicodeScalars {
            // Upper case first unites what only looks different in lower case; the dotless i alone folds to itself.
            result +=
                scalar == "\u{131}"
                ? "\u{131}"
                : scalar.properties.uppercaseMapping.unicodeScalars.reduce(into: "") {
                    $0 += $1.properties.lowercaseMapping
                }
        }
        return result
    }
}
