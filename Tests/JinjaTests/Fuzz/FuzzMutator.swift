/// Damages templates byte by byte and piece by piece.
struct FuzzMutator {
    var dice: FuzzDice
    private static let pieces = [
        "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "{{-", "'", "\"", "(", ")", "[", "]", "{", "}", "|", ",", ".", ":", "=",
        "~", "**", "//", "%", "-", "\\", "\n", "\r\n", "\0", "é", "😀", " if ", " else ", " in ", " is ", " not ", "loop", "self",
        "super()", "caller()", "endfor", "endif", "{% raw %}", "{% endraw %}", "{% for i in ", "{% endfor %}", "{% else %}", "1e",
        "0x", "9", "_", "none", "recursive", "*", "**kwargs", "varargs", "set ", "block", "{% endblock %}",
    ].map { Array($0.utf8) }

    /// A damaged copy of a template; `other` lends pieces.
    mutating func damage(_ template: String, with other: String) -> String {
        var bytes = Array(template.utf8)
        for _ in 0...dice.below(3) {
            let place = dice.below(bytes.count + 1)
            let end = min(bytes.count, place + 1 + dice.below(8))
            switch dice.below(7) {
            case 0: bytes.removeSubrange(place..<end)
            case 1, 2: bytes.insert(contentsOf: dice.pick(FuzzMutator.pieces), at: place)
            case 3: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: dice.next()) }
            case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: dice.below(bytes.count + 1))
            case 5:
                let source = Array(other.utf8)
                let start = dice.below(source.count + 1)
                bytes.insert(contentsOf: source[start..<min(source.count, start + 1 + dice.below(20))], at: place)
            default: if place < bytes.count { bytes[place] ^= 1 << UInt8(dice.below(7)) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
