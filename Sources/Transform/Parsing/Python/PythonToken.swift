/// A piece of Python source. Comments and white space are left out.
struct PythonToken: Equatable {
    enum Kind: Equatable {
        /// A name or keyword.
        case name(String)
        /// A text, decoded; of an f-string, what stands in its braces is cut out as source.
        case text(String, fields: [String])
        case number(String)
        /// One character of punctuation.
        case sign(Character)
    }

    var kind: Kind
    /// From 1.
    var line: Int
    /// How far its line is indented.
    var indent: Int

    func isName(_ name: String) -> Bool { kind == .name(name) }
    func isSign(_ sign: Character) -> Bool { kind == .sign(sign) }
}
