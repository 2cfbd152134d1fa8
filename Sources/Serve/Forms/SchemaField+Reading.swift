import Documents
import Orchestrate

extension SchemaField {
    /// What a sent form says of this field, with its type; nil where it was left out.
    /// - Parameters:
    ///   - stored: the value that is there already: a secret that is not typed anew stays.
    ///   - problems: gets what is wrong, by the names of inputs.
    func read(_ form: FormFields, stored: JSON?, problems: inout [String: String]) -> JSON? {
        let value = parsed(form, stored: stored, problems: &problems)
        guard problems[name] == nil else { return value }
        guard let value else {
            if isRequired { problems[name] = "is missing" }
            return nil
        }
        if let problem = problem(of: value) { problems[name] = problem }
        return value
    }

    private func parsed(_ form: FormFields, stored: JSON?, problems: inout [String: String]) -> JSON? {
        let text = form[name] ?? ""
        let isEmpty = text.allSatisfy(\.isWhitespace)
        switch kind {
        case .fixed(let value): return value.isNull ? stored : value
        case .text, .lines:
            // A text that somebody has emptied is an empty text, where something else would come instead.
            if text.isEmpty { return form[name] != nil && defaultValue?.string?.isEmpty == false ? .string("") : nil }
            return .string(text.replacing("\r\n", with: "\n"))
        case .secret: return text.isEmpty ? stored : .string(text)
        case .number(let isInteger):
            if isEmpty { return nil }
            if let number = Self.number(text, isInteger: isInteger) { return number }
            problems[name] = "must be a \(isInteger ? "whole " : "")number, not '\(text)'"
            return nil
        case .switched(let mayStayOpen):
            if mayStayOpen, isEmpty { return nil }
            return .bool(["on", "true"].contains(text))
        case .choice(let choices):
            if text.isEmpty, !choices.contains("") { return nil }
            if let choice = choices.first(where: { Self.text($0) == text }) { return choice }
            problems[name] = "must be one of \(choices.map(Self.text).joined(separator: ", ")), not '\(text)'"
            return nil
        case .choices(let choices):
            let words = form.all(name)
            return .array(choices.filter { words.contains(Self.text($0)) })
        case .list(let type): return list(text, of: type, problems: &problems)
        case .json:
            if isEmpty { return nil }
            do {
                return try JSON(parsing: text)
            } catch {
                problems[name] = "is no JSON: \(error.message)"
                return nil
            }
        case .group(let fields): return group(fields, form, stored: stored, problems: &problems)
        case .oneOf(let variants):
            guard let index = Int(text), variants.indices.contains(index) else { return nil }
            let isSame = Self.variant(of: stored, in: variants) == index
            let value = Self.object(variants[index].fields, form, stored: isSame ? stored : nil, problems: &problems)
            return value ?? .object(JSON.Members())
        }
    }

    /// The object of a group. One that need not be there, and that nobody has touched, is not: then nothing is missing in it.
    private func group(
        _ fields: [SchemaField], _ form: FormFields, stored: JSON?, problems: inout [String: String]
    ) -> JSON? {
        var inner: [String: String] = [:]
        let value = Self.object(fields, form, stored: stored, problems: &inner)
        let isUntouched = fields.allSatisfy { field in
            value?[field.key].map { $0 == field.defaultValue || $0 == .bool(false) } ?? true
        }
        if !isRequired, isUntouched, inner.values.allSatisfy({ $0 == "is missing" }), !inner.isEmpty || value == nil {
            return nil
        }
        problems.merge(inner) { first, _ in first }
        return value
    }

    /// The object that fields make; nil where none of them has a value.
    static func object(
        _ fields: [SchemaField], _ form: FormFields, stored: JSON?, problems: inout [String: String]
    ) -> JSON? {
        var members = JSON.Members()
        var inner: [String: String] = [:]
        for field in fields {
            if let value = field.read(form, stored: stored?[field.key], problems: &inner) { members.append(field.key, value) }
        }
        problems.merge(inner) { first, _ in first }
        return members.isEmpty ? nil : .object(members)
    }

    /// Which form a value has: the one whose fixed fields it has.
    static func variant(of value: JSON?, in variants: [Variant]) -> Int? {
        guard let value else { return nil }
        return variants.firstIndex { variant in
            let fixed = variant.fields.compactMap { field -> (String, JSON)? in
                if case .fixed(let value) = field.kind { (field.key, value) } else { nil }
            }
            return !fixed.isEmpty && fixed.allSatisfy { value[$0.0] == $0.1 }
        }
    }

    private func list(_ text: String, of type: String, problems: inout [String: String]) -> JSON? {
        let lines = text.split(whereSeparator: \.isNewline).map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
        if lines.isEmpty { return isRequired || defaultValue?.array?.isEmpty == false ? .array([]) : nil }
        guard type != "string" else { return .array(lines.map { .string($0) }) }
        var items: [JSON] = []
        for line in lines {
            guard let number = Self.number(line, isInteger: type == "integer") else {
                problems[name] = "must hold a \(type == "integer" ? "whole " : "")number on each line, not '\(line)'"
                return nil
            }
            items.append(number)
        }
        return .array(items)
    }

    private static func number(_ text: String, isInteger: Bool) -> JSON? {
        let digits = String(text.trimmingSpaces)
        if let whole = Int(digits) { return .int(whole) }
        guard let number = Double(digits), number.isFinite, !isInteger || number.rounded() == number else { return nil }
        return .double(number)
    }

    /// What the schema has against a value, those of inner fields apart, which are looked at by themselves.
    private func problem(of value: JSON) -> String? {
        switch kind {
        case .group, .oneOf, .fixed: return nil
        default: break
        }
        guard let schema = try? ValueSchema(Self.checkable(schema)),
            let first = schema.problems(of: value, named: "it").first
        else { return nil }
        return first.hasPrefix("it ") ? String(first.dropFirst(3)) : first
    }

    private static let checkedWords: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems",
        "maxItems",
        "uniqueItems", "format", "type", "enum",
    ]

    /// A schema with the words that our checks know: connectors add their own.
    private static func checkable(_ schema: JSON) -> JSON {
        var members = JSON.Members(
            (schema.object?.entries ?? []).filter { checkedWords.contains($0.key) }.map { ($0.key, $0.value) })
        // Patterns of other languages that ours cannot read are left to the connector.
        if let pattern = schema["pattern"], (try? Regex(pattern.string ?? "")) != nil { members.append("pattern", pattern) }
        if let items = schema["items"] { members.append("items", checkable(items)) }
        return .object(members)
    }
}

extension String {
    /// Without spaces at the ends.
    var trimmingSpaces: Substring { Substring(self).trimmingSpaces }
}

extension Substring {
    /// Without spaces at the ends.
    var trimmingSpaces: Substring {
        let front = drop(while: \.isWhitespace)
        guard let last = front.lastIndex(where: { !$0.isWhitespace }) else { return front.prefix(0) }
        return front[...last]
    }
}
