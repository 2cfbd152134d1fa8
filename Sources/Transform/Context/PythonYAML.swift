import Documents

/// YAML in blocks, as Python's `yaml.safe_dump` lays it out.
enum PythonYAML {
    static func text(of value: JSON, sortsKeys: Bool = false) -> String {
        var lines: [String] = []
        write(value, indent: 0, sortsKeys: sortsKeys, lead: "", to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func write(_ value: JSON, indent: Int, sortsKeys: Bool, lead: String, to lines: inout [String]) {
        let space = String(repeating: " ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            let entries = sortsKeys ? members.entries.sorted { $0.key < $1.key } : members.entries
            for (index, entry) in entries.enumerated() {
                let start = (index == 0 && !lead.isEmpty ? lead : space) + scalar(.string(entry.key)) + ":"
                switch entry.value {
                case .object(let inner) where !inner.isEmpty:
                    lines.append(start)
                    write(entry.value, indent: indent + 2, sortsKeys: sortsKeys, lead: "", to: &lines)
                case .array(let items) where !items.isEmpty:
                    lines.append(start)
                    write(entry.value, indent: indent, sortsKeys: sortsKeys, lead: "", to: &lines)
                default: lines.append(start + " " + scalar(entry.value))
                }
            }
        case .array(let items) where !items.isEmpty:
            for (index, item) in items.enumerated() {
                let start = (index == 0 && !lead.isEmpty ? lead : space) + "- "
                write(item, indent: indent + 2, sortsKeys: sortsKeys, lead: start, to: &lines)
            }
        default: lines.append((lead.isEmpty ? space : lead) + scalar(value))
        }
    }

    private static func scalar(_ value: JSON) -> String {
        switch value {
        case .null: return "null"
        case .object: return "{}"
        case .array: return "[]"
        case .string(let text): return needsQuotes(text) ? "'" + text.replacing("'", with: "''") + "'" : text
        default: return value.text()
        }
    }

    private static func needsQuotes(_ text: String) -> Bool {
        guard let first = text.first else { return true }
        if ["null", "true", "false", "yes", "no", "on", "off", "~"].contains(text.lowercased()) || Double(text) != nil {
            return true
        }
        if "!&*?|>@`%{}[],#'\" -:".contains(first) || text.last == " " { return true }
        return text.contains(": ") || text.contains(" #") || text.hasSuffix(":") || text.contains("\n")
    }
}
