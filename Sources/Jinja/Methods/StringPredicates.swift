/// The methods of strings that ask what characters there are.
enum StringPredicates {
    static func call(_ method: Method, _ text: String) -> Bool? {
        let scalars = text.unicodeScalars
        func all(_ holds: (Unicode.Scalar) -> Bool) -> Bool { !scalars.isEmpty && scalars.allSatisfy(holds) }
        switch method {
        case .isalnum: return all { isAlpha($0) || isNumeric($0) }
        case .isalpha: return all(isAlpha)
        case .isascii: return Text.isASCII(text)
        case .isdecimal: return all { $0.properties.generalCategory == .decimalNumber }
        case .isdigit: return all { $0.properties.numericType == .decimal || $0.properties.numericType == .digit }
        case .isnumeric: return all(isNumeric)
        case .isspace: return all(Text.isSpace)
        case .isprintable: return scalars.allSatisfy(StringRepr.isPrintable)
        case .islower: return isLower(text)
        case .isupper: return isUpper(text)
        case .istitle: return isTitle(text)
        case .isidentifier:
            guard let first = scalars.first, first == "_" || first.properties.isXIDStart else { return false }
            return scalars.dropFirst().allSatisfy(\.properties.isXIDContinue)
        default: return nil
        }
    }

    /// Whether there are cased characters and all of them are in lower case.
    static func isLower(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.isCased }
            && text.unicodeScalars.allSatisfy { !$0.properties.isCased || $0.properties.isLowercase }
    }

    /// Whether there are cased characters and all of them are in upper case.
    static func isUpper(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.isCased }
            && text.unicodeScalars.allSatisfy { !$0.properties.isCased || $0.properties.isUppercase }
    }

    private static func isTitle(_ text: String) -> Bool {
        var followsCased = false
        var found = false
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isUppercase || properties.generalCategory == .titlecaseLetter {
                if followsCased { return false }
                found = true
            } else if properties.isLowercase {
                if !followsCased { return false }
                found = true
            }
            followsCased = properties.isCased
        }
        return found
    }

    private static func isAlpha(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    private static func isNumeric(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }
}
