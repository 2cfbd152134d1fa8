import Documents
import Jinja

extension SchemaField {
    /// What inputs begin with, and what is said beside them.
    struct Filling {
        /// The values that are there; where nothing is, defaults stand.
        var current: JSON?
        /// What somebody has typed that could not be taken.
        var typed: FormFields?
        /// What was wrong with it, by the names of inputs.
        var problems: [String: String] = [:]

        func inside(_ key: String) -> Filling {
            var inner = self
            inner.current = current?[key]
            return inner
        }
    }

    /// For the template `fields.html`.
    func value(_ filling: Filling) -> Value {
        let current = filling.current ?? defaultValue
        let text = filling.typed.map { $0[name] ?? "" }
        var members: [String: Value] = [
            "name": .string(name), "title": .string(title), "hint": .string(hint), "example": .string(example),
            "required": .bool(isRequired), "problem": Value(filling.problems[name]), "text": "",
        ]
        func show(_ kind: String, _ more: [String: Value] = [:]) -> Value {
            members["kind"] = .string(kind)
            return Value(members.merging(more) { _, new in new })
        }
        let plain = Value.string(text ?? current.map(Self.text) ?? "")
        switch kind {
        case .fixed: return show("fixed")
        case .text:
            let type = schema["format"]?.string == "date" ? "date" : "text"
            return show("text", ["text": plain, "type": .string(type)])
        case .lines: return show("lines", ["text": plain])
        case .secret: return show("secret", ["stored": .bool(filling.current.map { !$0.isNull } ?? false)])
        case .number(let isInteger): return show("number", ["text": plain, "mode": isInteger ? "numeric" : "decimal"])
        case .switched(let mayStayOpen):
            let isOn = filling.typed.map { ["on", "true"].contains($0[name] ?? "") } ?? current?.bool
            guard mayStayOpen else { return show("switch", ["on": .bool(isOn ?? false)]) }
            let chosen = text ?? isOn.map { "\($0)" } ?? ""
            let options = [("", "not said"), ("true", "yes"), ("false", "no")]
            return show("choice", ["options": Value(options.map { Self.option($0.0, $0.1, isChosen: $0.0 == chosen) })])
        case .choice(let choices):
            let chosen = text ?? current.map(Self.text) ?? ""
            var options = choices.map { Self.option(Self.text($0), Self.text($0), isChosen: Self.text($0) == chosen) }
            if !choices.contains("") { options.insert(Self.option("", "choose one", isChosen: chosen.isEmpty), at: 0) }
            return show("choice", ["options": Value(options)])
        case .choices(let choices):
            let chosen = filling.typed?.all(name) ?? current?.array?.map(Self.text) ?? []
            return show(
                "choices",
                [
                    "options": Value(
                        choices.map(Self.text).map { Self.option($0, $0, isChosen: chosen.contains($0)) })
                ])
        case .list:
            let lines = current?.array.map { $0.map(Self.text).joined(separator: "\n") } ?? current.map(Self.text)
            return show("list", ["text": .string(text ?? lines ?? "")])
        case .json: return show("json", ["text": .string(text ?? current.map { $0.text(indent: 2) } ?? "")])
        case .group(let fields):
            var inner = filling
            inner.current = current
            return show("group", ["fields": Value(fields.map { $0.value(inner.inside($0.key)) })])
        case .oneOf(let variants):
            let chosen = text.flatMap { Int($0) } ?? Self.variant(of: current, in: variants) ?? (isRequired ? 0 : nil)
            return show(
                "one_of",
                [
                    "may_stay_open": .bool(!isRequired),
                    "variants": Value(
                        variants.enumerated().map { index, variant in
                            var inner = filling
                            inner.current = index == chosen ? current : nil
                            return Value([
                                "title": .string(variant.title), "number": .int(index), "chosen": .bool(index == chosen),
                                "fields": Value(variant.fields.map { $0.value(inner.inside($0.key)) }),
                            ])
                        }),
                ])
        }
    }

    private static func option(_ value: String, _ title: String, isChosen: Bool) -> Value {
        Value(["value": .string(value), "title": .string(title), "chosen": .bool(isChosen)])
    }
}
