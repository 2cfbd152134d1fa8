/// Percent encoding of URLs.
enum URLText {
    /// Encodes everything but letters, digits, `_.-~`, and `/` outside of query strings, where spaces become `+`.
    static func quote(_ text: String, forQuery: Bool) -> String {
        var output: [UInt8] = []
        let hex = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if Lexer.isNameByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "~")
                || (byte == UInt8(ascii: "/") && !forQuery)
            {
                output.append(byte)
            } else if byte == 0x20 && forQuery {
                output.append(UInt8(ascii: "+"))
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(hex[Int(byte >> 4)])
                output.append(hex[Int(byte & 15)])
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
