/// Turns the text of a PostgreSQL array into JSON: `{1,NULL,"a b"}` or `[0:1]={{1},{2}}`.
enum ArrayText {
    /// What the elements are in JSON.
    enum Element {
        case number, boolean, string, document

        /// - Parameter type: the array's type, as the source's catalog writes it.
        init(of type: String) {
            let name = type.prefix { $0 != "[" && $0 != "(" }
            self =
                switch name {
                case "smallint", "integer", "bigint", "numeric", "real", "double precision", "oid": .number
                case "boolean": .boolean
                case "json", "jsonb": .document
                default: .string
                }
        }
    }

    /// - Returns: false if the text is no array.
    static func append(_ text: UnsafeRawBufferPointer, _ element: Element, to output: inout [UInt8]) -> Bool {
        var offset = 0
        if text.first == UInt8(ascii: "[") {
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return false }
            offset = equals + 1
        }
        var depth = 0
        var wantsComma = false
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "{"):
                if wantsComma { output.append(UInt8(ascii: ",")) }
                output.append(UInt8(ascii: "["))
                depth += 1
                wantsComma = false
                offset += 1
            case UInt8(ascii: "}"):
                guard depth > 0 else { return false }
                output.append(UInt8(ascii: "]"))
                depth -= 1
                wantsComma = true
                offset += 1
            case UInt8(ascii: ","): offset += 1
            default:
                guard depth > 0, let next = appendElement(text, offset, element, wantsComma, &output) else { return false }
                offset = next
                wantsComma = true
            }
        }
        return depth == 0 && !text.isEmpty
    }

    private static func appendElement(
        _ text: UnsafeRawBufferPointer, _ start: Int, _ element: Element, _ wantsComma: Bool, _ output: inout [UInt8]
    ) -> Int? {
        if wantsComma { output.append(UInt8(ascii: ",")) }
        var value: [UInt8] = []
        var offset = start
        let isQuoted = text[start] == UInt8(ascii: "\"")
        if isQuoted { offset += 1 }
        while offset < text.count {
            let byte = text[offset]
            if byte == UInt8(ascii: "\\"), offset + 1 < text.count {
                value.append(text[offset + 1])
                offset += 2
                continue
            }
            if isQuoted ? byte == UInt8(ascii: "\"") : byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") { break }
            value.append(byte)
            offset += 1
        }
        if isQuoted {
            guard offset < text.count else { return nil }
            offset += 1
        }
        value.withUnsafeBytes { bytes in
            let isNull = !isQuoted && bytes.elementsEqual("NULL".utf8)
            switch element {
            case _ where isNull: output += Array("null".utf8)
            case .number where ValueText.isNumber(bytes), .document: output.append(contentsOf: bytes)
            case .boolean: output += Array((bytes.first == UInt8(ascii: "t") ? "true" : "false").utf8)
            case .number, .string: ValueText.appendString(bytes, to: &output)
            }
        }
        return offset
    }
}
