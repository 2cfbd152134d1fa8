import Documents

/// What takes the members of an object, one after the other: a value in memory, or the text of a file.
protocol MemberSink {
    mutating func append(_ key: String, _ value: JSON)
}

extension JSON.Members: MemberSink {}

/// Writes members as text as they come.
struct MemberWriter: MemberSink {
    var bytes: [UInt8] = []
    private var isFirst = true

    /// Begins an object.
    mutating func open() {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
    }

    mutating func close() {
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    /// Writes the key of a member whose value follows.
    mutating func key(_ key: String) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        JSON.writeString(key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func append(_ key: String, _ value: JSON) {
        self.key(key)
        value.write(to: &bytes)
    }
}
