import Diagnostics
import Documents

/// Renders the templates in the values of YAML files.
struct YAMLRenderer: Sendable {
    let scope: StaticScope

    /// The value with every text rendered; a text that is one expression becomes the expression's value.
    /// - Parameter skip: tells by the keys on the way to a value that it stays as it is.
    func render(_ node: YAMLNode, skipping skip: ([String]) -> Bool = { _ in false }) throws -> JSON {
        var path: [String] = []
        return try render(node, path: &path, skip: skip)
    }

    private func render(_ node: YAMLNode, path: inout [String], skip: ([String]) -> Bool) throws -> JSON {
        switch node.content {
        case .string(let text):
            guard Self.changes(text) else { return .string(text) }
            // Asked only here, as it is rarely of interest: does it, or something above it, stay as it is?
            for length in 1..<(path.count + 1) where skip(Array(path[..<length])) { return .string(text) }
            return try render(text, at: node.location)
        case .sequence(let items):
            var values: [JSON] = []
            values.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                path.append(String(index))
                values.append(try render(item, path: &path, skip: skip))
                path.removeLast()
            }
            return .array(values)
        case .mapping(let members):
            var values = JSON.Members()
            for member in members {
                path.append(member.key)
                values.append(member.key, try render(member.value, path: &path, skip: skip))
                path.removeLast()
            }
            return .object(values)
        default: return node.json
        }
    }

    /// One text, rendered natively.
    func render(_ text: String, at location: SourceLocation?) throws -> JSON {
        // Rendering takes the last line end off, whether there is anything to render or not.
        guard Self.holdsTemplate(text) else { return .string(text.utf8.last == 0x0A ? String(text.dropLast()) : text) }
        do {
            return try JSON(TemplateEngine.renderNative(text, name: location?.file ?? "YAML", globals: StaticGlobals(scope)))
        } catch {
            throw TransformError(template: error, inValueAt: location)
        }
    }

    /// Whether rendering gives something else than the text itself.
    private static func changes(_ text: String) -> Bool { text.utf8.last == 0x0A || holdsTemplate(text) }

    /// Whether a text holds any template syntax at all.
    static func holdsTemplate(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if previous == UInt8(ascii: "{"), byte == UInt8(ascii: "{") || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "#")
            {
                return true
            }
            previous = byte
        }
        return false
    }
}
