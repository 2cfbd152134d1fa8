/// How the characters of a file are written.
enum TextEncoding: Sendable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    case latin1
    case windows1252

    /// The names that users of Python, PostgreSQL and Airbyte know.
    static let names: [String: TextEncoding] = [
        "utf8": .utf8, "utf-8": .utf8, "utf-8-sig": .utf8, "ascii": .utf8, "us-ascii": .utf8,
        "utf16": .utf16LittleEndian, "utf-16": .utf16LittleEndian, "utf-16le": .utf16LittleEndian,
        "utf-16-le": .utf16LittleEndian,
        "utf-16be": .utf16BigEndian, "utf-16-be": .utf16BigEndian,
        "latin1": .latin1, "latin-1": .latin1, "iso-8859-1": .latin1, "iso8859-1": .latin1,
        "windows-1252": .windows1252, "cp1252": .windows1252, "win1252": .windows1252,
    ]

    /// What a byte order mark at the beginning says, and its length.
    static func mark(_ head: [UInt8]) -> (encoding: TextEncoding, length: Int)? {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if head.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        return nil
    }

    /// The characters of windows-1252 from 0x80 to 0x9F; 0 where there is none.
    static let windows1252High: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]
}
