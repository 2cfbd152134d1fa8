/// Pieces of SVG. All text that is not ours goes through `escape`.
enum SVG {
    /// Text as it may stand in an element or an attribute.
    static func escape(_ text: String) -> String {
        let needsNothing = text.utf8.allSatisfy { byte in
            byte >= 0x20 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'")
        }
        if needsNothing { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // Control characters are not allowed in XML.
            case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A number with at most one decimal.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        let sign = tenths < 0 ? "-" : ""
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }

    static func rect(x: Double, y: Double, width: Double, height: Double, radius: Double = 0, class name: String) -> String {
        let corner = radius > 0 ? " rx=\"\(number(radius))\"" : ""
        return "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(width, 0.5)))\" "
            + "height=\"\(number(height))\"\(corner) class=\"\(name)\"/>"
    }

    static func text(_ text: String, x: Double, y: Double, anchor: String = "start", class name: String = "") -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\" class=\"\(name)\">\(escape(text))</text>"
    }

    static func line(x1: Double, y1: Double, x2: Double, y2: Double, class name: String) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" class=\"\(name)\"/>"
    }

    static func link(_ path: String, title: String, _ content: String) -> String {
        "<a href=\"\(escape(path))\"><title>\(escape(title))</title>\(content)</a>"
    }

    /// A drawing of fixed size.
    static func drawing(width: Double, height: Double, label: String, _ content: String) -> String {
        "<div class=\"drawing\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(width))\" height=\"\(number(height))\" "
            + "viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(escape(label))\">\(content)</svg></div>"
    }

    /// `text` cut to what fits into `width` points of the 12-point font.
    static func fitted(_ text: String, width: Double) -> String {
        let count = Int(width / 6.6)
        guard text.count > count, count > 3 else { return text }
        return text.prefix(count / 2) + "…" + text.suffix(count - count / 2 - 1)
    }
}
