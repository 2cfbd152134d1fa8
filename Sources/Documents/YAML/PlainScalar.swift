import Yams

/// What a text without quotes means: null, a truth value, a number or a text.
enum PlainScalar {
    static func content(of text: String) -> YAMLNode.Content {
        guard let first = text.utf8.first else { return .null }
        let count = text.utf8.count
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            if count <= 18, first != UInt8(ascii: "0") || count == 1, let value = digits(text) { return .int(value) }
            return resolved(text)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): return resolved(text)
        case UInt8(ascii: "~"): return count == 1 ? .null : .string(text)
        default:
            // The words of YAML have at most five letters and begin with one of these.
            guard count <= 5, "nNtTfFyYoO=<".utf8.contains(first) else { return .string(text) }
            return resolved(text)
        }
    }

    private static func digits(_ text: String) -> Int? {
        var value = 0
        for byte in text.utf8 {
            guard byte &- 48 < 10 else { return nil }
            value = value * 10 + Int(byte &- 48)
        }
        return value
    }

    private static func resolved(_ text: String) -> YAMLNode.Content {
        let scalar = Node.Scalar(text, Tag(.implicit), .plain)
        return YAMLDocument.content(of: scalar, node: .scalar(scalar))
    }
}
