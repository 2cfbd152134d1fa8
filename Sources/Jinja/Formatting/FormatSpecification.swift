/// Python's format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
struct FormatSpecification {
    var fill: Unicode.Scalar = " "
    var align: Unicode.Scalar?
    var sign: Unicode.Scalar = "-"
    var isAlternate = false
    var width = 0
    var grouping: Unicode.Scalar?
    var precision: Int?
    var type: Unicode.Scalar?

    /// Reads a specification.
    init(_ text: String, for typeName: String) throws {
        let scalars = Array(text.unicodeScalars)
        var index = 0
        var hasFill = false
        func at(_ offset: Int) -> Unicode.Scalar? { index + offset < scalars.count ? scalars[index + offset] : nil }
        func isAlign(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { "<>=^".unicodeScalars.contains($0) } ?? false }
        func number() throws -> Int? {
            var value: Int?
            while let digit = at(0), ("0"..."9").contains(digit) {
                value = (value ?? 0) * 10 + Int(digit.value - 48)
                if value ?? 0 > Arithmetic.sizeLimit { throw TemplateError.value("Too many decimal digits in format string") }
                index += 1
            }
            return value
        }
        if isAlign(at(1)), let first = at(0) {
            (fill, align, hasFill) = (first, at(1), true)
            index += 2
        } else if isAlign(at(0)) {
            align = at(0)
            index += 1
        }
        if let scalar = at(0), "+- ".unicodeScalars.contains(scalar) {
            sign = scalar
            index += 1
        }
        if at(0) == "z" { index += 1 }
        if at(0) == "#" {
            isAlternate = true
            index += 1
        }
        if at(0) == "0" {
            if !hasFill { fill = "0" }
            align = align ?? "="
            index += 1
        }
        width = try number() ?? 0
        if let scalar = at(0), scalar == "," || scalar == "_" {
            grouping = scalar
            index += 1
        }
        if at(0) == "." {
            index += 1
            guard let value = try number() else { throw TemplateError.value("Format specifier missing precision") }
            precision = value
        }
        if index < scalars.count {
            type = scalars[index]
            index += 1
        }
        guard index == scalars.count else {
            throw TemplateError.value("Invalid format specifier '\(text)' for object of type '\(typeName)'")
        }
    }

    /// Pads a body that has an optional sign or prefix in front.
    func pad(_ prefix: String, _ body: String, defaultAlign: Unicode.Scalar) -> String {
        let missing = width - Text.length(prefix) - Text.length(body)
        guard missing > 0 else { return prefix + body }
        func filler(_ count: Int) -> String { String(String.UnicodeScalarView(repeatElement(fill, count: count))) }
        switch align ?? defaultAlign {
        case "<": return prefix + body + filler(missing)
        case "^": return filler(missing / 2) + prefix + body + filler(missing - missing / 2)
        case "=": return prefix + filler(missing) + body
        default: return filler(missing) + prefix + body
        }
    }
}
