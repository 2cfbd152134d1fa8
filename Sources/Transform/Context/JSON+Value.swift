package import Documents
package import Jinja

extension Value {
    /// The same data for templates.
    package init(_ json: JSON) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let items): self = .list(List(items.map { Value($0) }))
        case .object(let members): self.init(members)
        }
    }

    init(_ members: JSON.Members) {
        self = .dict(Dict(members.entries.map { (.string($0.key), Value($0.value)) }))
    }

    /// `None` for nil.
    init(optional text: String?) { self = text.map { .string($0) } ?? .none }

    /// `None` for nil.
    init(optional number: Int?) { self = number.map { .int($0) } ?? .none }
}

extension JSON {
    /// The data of a template's value; what is no data becomes its text.
    init(_ value: Jinja.Value) {
        switch value {
        case .undefined, .none: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .bigInt(let value): self = .double(value.doubleValue)
        case .double(let value): self = .double(value)
        case .string(let text), .markup(let text): self = .string(text)
        case .list(let list): self = .array(list.items.map { JSON($0) })
        case .tuple(let tuple): self = .array(tuple.items.map { JSON($0) })
        case .set(let set): self = .array(set.elements.map { JSON($0) })
        case .dict(let dict):
            self = .object(Members(dict.pairs.map { ($0.key.pythonString, JSON($0.value)) }))
        case .object(let object): self = .string(object.description)
        }
    }
}
