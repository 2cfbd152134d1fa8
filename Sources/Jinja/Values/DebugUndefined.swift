/// An undefined that prints the expression it came from, such as `{{ name }}`.
public final class DebugUndefined: Undefined {
    override public func text() throws -> String {
        switch reason {
        case .name(let name): "{{ \(name) }}"
        case .attribute(let name, let type): "{{ no such element: \(type)[\(Value.string(name).pythonRepr)] }}"
        case .item(let key, let type): "{{ no such element: \(type)[\(key)] }}"
        case .hint(let text, _): "{{ undefined value printed: \(text) }}"
        }
    }
}
