/// The cleaning rules of the example, from text as typed in to Postgres's text output. Each throws on text that it cannot
/// read: the example's data is known, so anything else is a mistake here or a change there.
enum ExpectedValue {
    /// Reads a date in one of the eight formats. Dotted and dashed dates are day first, dates with slashes month first;
    /// a dotted date whose second part is no month is month first too.
    static func date(_ text: String) throws -> String {
        guard let separator = text.first(where: { "-/.".contains($0) }) else { throw ExpectedDataError("date '\(text)'") }
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard parts.count == 3, numbers.count == 3 else { throw ExpectedDataError("date '\(text)'") }

        var (year, month, day): (Int, Int, Int)
        switch (parts[0].count, parts[2].count, separator) {
        case (4, 2, _): (year, month, day) = (numbers[0], numbers[1], numbers[2])
        case (2, 4, "/"): (year, month, day) = (numbers[2], numbers[0], numbers[1])
        case (2, 2, "/"): (year, month, day) = (2000 + numbers[2], numbers[0], numbers[1])
        case (2, 4, _): (year, month, day) = (numbers[2], numbers[1], numbers[0])
        default: throw ExpectedDataError("date '\(text)'")
        }
        if separator == ".", month > 12 { swap(&month, &day) }
        guard (1...12).contains(month), (1...31).contains(day) else { throw ExpectedDataError("date '\(text)'") }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Reads an amount such as `$12000`, `12000 USD`, `12k` or `12000.50`.
    static func money(_ text: String) throws -> String {
        var digits = text[...]
        var zeros = ""
        if digits.hasPrefix("$") { digits = digits.dropFirst() }
        if digits.hasSuffix("USD") { digits = digits.dropLast(3) }
        while digits.hasSuffix(" ") { digits = digits.dropLast() }
        if digits.hasSuffix("k") {
            digits = digits.dropLast()
            zeros = "000"
        }
        guard zeros.isEmpty || Int(digits) != nil else { throw ExpectedDataError("amount '\(text)'") }
        return try decimal(digits + zeros, scale: 2)
    }

    /// Writes a decimal number with `scale` digits after the point, as `numeric(p, scale)` does.
    static func decimal(_ text: some StringProtocol, scale: Int) throws -> String {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        guard parts.count <= 2, let whole = Int(parts[0]), whole >= 0, fraction.count <= scale,
            fraction.allSatisfy({ $0.isASCII && $0.isNumber })
        else { throw ExpectedDataError("number '\(text)'") }
        return "\(whole)." + fraction + String(repeating: "0", count: scale - fraction.count)
    }

    /// Reads a whole number, in digits or as one of the two words in the data.
    static func integer(_ text: String) throws -> String {
        switch text {
        case "fifty": return "50"
        case "hundred": return "100"
        default:
            guard let number = Int(text) else { throw ExpectedDataError("integer '\(text)'") }
            return String(number)
        }
    }

    /// Reads `true` or `false`.
    static func boolean(_ text: String) throws -> String {
        switch text {
        case "true": return "t"
        case "false": return "f"
        default: throw ExpectedDataError("boolean '\(text)'")
        }
    }

    /// Brings the spellings of a customer's name to `customer_<n>`.
    static func customerName(_ text: String) throws -> String {
        let number = text.drop { !$0.isNumber }
        let name = text.dropLast(number.count).lowercased()
        guard ["customer", "customer_", "customer ", "customer_ "].contains(name), Int(number) != nil else {
            throw ExpectedDataError("customer '\(text)'")
        }
        return "customer_\(number)"
    }

    /// Finds the one category that is less than two edits away from the text, whatever the case.
    static func category(_ text: String, of categories: [String]) throws -> String {
        let near = categories.filter { editDistance(text.lowercased(), $0.lowercased()) < 2 }
        guard let category = near.first, near.count == 1 else { throw ExpectedDataError("category '\(text)'") }
        return category
    }

    /// The Levenshtein distance: the fewest insertions, deletions and substitutions of one code point.
    static func editDistance(_ source: String, _ target: String) -> Int {
        let target = Array(target.unicodeScalars)
        var distances = Array(0...target.count)
        for (row, scalar) in source.unicodeScalars.enumerated() {
            var diagonal = distances[0]
            distances[0] = row + 1
            for (column, other) in target.enumerated() {
                let substitution = diagonal + (scalar == other ? 0 : 1)
                diagonal = distances[column + 1]
                distances[column + 1] = min(substitution, diagonal + 1, distances[column] + 1)
            }
        }
        return distances[target.count]
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
