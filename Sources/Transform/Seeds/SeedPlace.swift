import Diagnostics

/// Turns an offset in a file into line and column, for messages.
struct SeedPlace {
    let bytes: [UInt8]
    let file: String

    /// Counts from the beginning: only for when something is wrong.
    func location(of offset: Int) -> SourceLocation {
        var line = 1
        var column = 1
        for index in 0..<min(offset, bytes.count) {
            let byte = bytes[index]
            let isFollowedByLF = index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if byte == 0x0A || (byte == 0x0D && !isFollowedByLF) {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80, index != 0 || byte != 0xEF {
                column += 1
            }
        }
        return SourceLocation(file: file, line: line, column: column)
    }
}
