import OrderedCollections

extension Value {
    /// The text of the value, Python's `str()`; empty for an undefined that refuses.
    public var pythonString: String { (try? text()) ?? "" }

    /// The value as it shows inside a container, Python's `repr()`.
    public var pythonRepr: String {
        var bytes = TextBuffer()
        writeRepr(into: &bytes)
        return bytes.string
    }

    /// The text of the value.
    /// - Throws: ``TemplateError`` for an undefined that refuses to be printed.
    public func text() throws -> String {
        switch self {
        case .string(let text), .markup(let text): return text
        case .int(let value): return Text.digits(value)
        case .object(let object): return object.description
        default:
            var bytes = TextBuffer()
            try write(into: &bytes)
            try Arithmetic.checkSize(bytes.count)
            return bytes.string
        }
    }

    /// Appends the text of the value.
    func write(into output: inout TextBuffer) throws {
        switch self {
        case .string(let text), .markup(let text): output.append(text: text)
        case .undefined(let undefined): output.append(text: try undefined.text())
        case .object(let object): output.append(text: object.description)
        default: writeRepr(into: &output)
        }
    }

    /// Appends the value as it shows inside a container; `outer` are the containers around it.
    func writeRepr(into output: inout TextBuffer, _ outer: UnsafePointer<ContainerPath>? = nil) {
        switch self {
        case .undefined(let undefined): output.append(text: undefined.repr)
        case .none: output.append(text: "None")
        case .bool(let value): output.append(text: value ? "True" : "False")
        case .int(let value): output.append(integer: value)
        case .bigInt(let value): output.append(text: value.description)
        case .double(let value): output.append(text: FloatText.repr(value))
        case .string(let text): StringRepr.write(text, into: &output)
        case .markup(let text):
            output.append(text: "Markup(")
            StringRepr.write(text, into: &output)
            output.append(UInt8(ascii: ")"))
        case .list(let list): Value.write(list.items, list, "[", "]", into: &output, outer)
        case .tuple(let tuple): Value.write(tuple, into: &output, outer)
        case .set(let set):
            if set.count == 0 { return output.append(static: "set()") }
            Value.write(set.elements, set, "{", "}", into: &output, outer)
        case .dict(let dict): Value.write(dict, into: &output, outer)
        case .object(let object): output.append(text: StackGuard().isExhausted ? "..." : object.repr)
        }
    }

    /// Appends the elements of a container in brackets; nil for one that is new, which cannot hold itself.
    static func write(
        _ items: [Value], _ container: AnyObject?, _ open: StaticString, _ close: StaticString,
        into output: inout TextBuffer, _ outer: UnsafePointer<ContainerPath>?
    ) {
        output.append(static: open)
        let isWritten = ContainerPath.enter(container, in: outer, after: output.count) { path in
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(static: ", ") }
                item.writeRepr(into: &output, path)
            }
        }
        if !isWritten { output.append(static: "...") }
        output.append(static: close)
    }

    private static func write(_ tuple: Tuple, into output: inout TextBuffer, _ outer: UnsafePointer<ContainerPath>?) {
        guard tuple.count == 2 else {
            return write(tuple.items, tuple, "(", tuple.count == 1 ? ",)" : ")", into: &output, outer)
        }
        output.append(UInt8(ascii: "("))
        let isWritten = ContainerPath.enter(tuple, in: outer, after: output.count) { path in
            tuple[0].writeRepr(into: &output, path)
            output.append(static: ", ")
            tuple[1].writeRepr(into: &output, path)
        }
        if !isWritten { output.append(static: "...") }
        output.append(UInt8(ascii: ")"))
    }

    private static func write(_ dict: Dict, into output: inout TextBuffer, _ outer: UnsafePointer<ContainerPath>?) {
        output.append(UInt8(ascii: "{"))
        let isWritten = ContainerPath.enter(dict, in: outer, after: output.count) { path in
            var isFirst = true
            for (key, value) in dict.storage {
                if !isFirst { output.append(static: ", ") }
                isFirst = false
                key.writeRepr(into: &output, path)
                output.append(static: ": ")
                value.writeRepr(into: &output, path)
            }
        }
        if !isWritten { output.append(static: "...") }
        output.append(UInt8(ascii: "}"))
    }
}
