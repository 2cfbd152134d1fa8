/// The methods of strings that change case.
enum StringCase {
    static func call(_ method: Method, _ text: String) throws -> Value? {
        switch method {
        case .upper: .string(text.uppercased())
        case .lower, .casefold: .string(text.lowercased())
        case .capitalize: .string(capitalized(text))
        case .title: .string(titled(text))
        case .swapcase: .string(swapped(text))
        default: nil
        }
    }

    /// The first character in title case, the others in lower case.
    static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return first.properties.titlecaseMapping + String(text.unicodeScalars.dropFirst()).lowercased()
    }

    /// Each run of cased characters capitalised.
    private static func titled(_ text: String) -> String {
        var result = ""
        var followsCased = false
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
}
