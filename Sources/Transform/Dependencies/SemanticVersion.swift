/// A version such as `1.2.3-rc1`, ordered as semver.org says.
struct SemanticVersion: Comparable, Hashable, Sendable {
    let text: String
    private let numbers: [Int]
    private let prerelease: [String]

    var isPrerelease: Bool { !prerelease.isEmpty }

    init?(_ text: String) {
        let plain = text.hasPrefix("v") ? String(text.dropFirst()) : text
        guard let core = plain.split(separator: "+", maxSplits: 1).first else { return nil }
        let parts = core.split(separator: "-", maxSplits: 1)
        guard !parts.isEmpty else { return nil }
        var numbers = parts[0].split(separator: ".").map { Int($0) }
        var suffix = parts.count > 1 ? parts[1].split(separator: ".").map(String.init) : []
        // `1.0.0rc1` is written too.
        if let last = parts[0].split(separator: ".").last, Int(last) == nil {
            let digits = last.prefix { $0.isNumber }
            guard let number = Int(digits) else { return nil }
            numbers[numbers.count - 1] = number
            suffix = [String(last.dropFirst(digits.count))] + suffix
        }
        guard numbers.allSatisfy({ $0 != nil }), (1...3).contains(numbers.count) else { return nil }
        self.numbers = numbers.compactMap { $0 } + Array(repeating: 0, count: 3 - numbers.count)
        prerelease = suffix
        self.text = plain
    }

    static func < (a: SemanticVersion, b: SemanticVersion) -> Bool {
        if a.numbers != b.numbers { return a.numbers.lexicographicallyPrecedes(b.numbers) }
        if a.prerelease.isEmpty || b.prerelease.isEmpty { return !a.prerelease.isEmpty && b.prerelease.isEmpty }
        for (left, right) in zip(a.prerelease, b.prerelease) where left != right {
            switch (Int(left), Int(right)) {
            case (let x?, let y?): return x < y
            case (_?, nil): return true
            case (nil, _?): return false
            default: return left < right
            }
        }
        return a.prerelease.count < b.prerelease.count
    }

    static func == (a: SemanticVersion, b: SemanticVersion) -> Bool { a.numbers == b.numbers && a.prerelease == b.prerelease }

    func hash(into hasher: inout Hasher) {
        hasher.combine(numbers)
        hasher.combine(prerelease)
    }

    /// Whether it fulfils `>=1.0.0`, `<2.0.0`, `=1.1.1` or `1.1.1`.
    func satisfies(_ range: String) -> Bool {
        let trimmed = range.trimmingSpaces
        for sign in [">=", "<=", "==", ">", "<", "="] where trimmed.hasPrefix(sign) {
            guard let other = SemanticVersion(String(trimmed.dropFirst(sign.count)).trimmingSpaces) else { return false }
            switch sign {
            case ">=": return self >= other
            case "<=": return self <= other
            case ">": return self > other
            case "<": return self < other
            default: return self == other
            }
        }
        return SemanticVersion(trimmed).map { $0 == self } ?? false
    }
}
