import Documents

/// What takes the members of an object, one after the other: a value in memory, or the text of a file.
protocol MemberSink {
    mutating func append(_ key: String, _ value: JSON)
    /// A list of texts.
    mutating func append(_ key: String, _ texts: [String])
    /// An object that many others may have too.
    mutating func append(_ key: String, shared members: JSON.Members)
}

extension JSON.Members: MemberSink {
    mutating func append(_ key: String, _ texts: [String]) { append(key, .array(texts.map(JSON.string))) }
    mutating func append(_ key: String, shared members: JSON.Members) { append(key, .object(members)) }
}

/// Writes members as text as they come.
struct MemberWriter: MemberSink {
    var bytes: [UInt8] = []
    private var isFirst = true
    /// The object that was written last and is shared, and where its text is.
    private var lastShared: (members: JSON.Members, range: Range<Int>)?

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

    mutating func append(_ key: String, _ texts: [String]) {
        self.key(key)
        append(texts)
    }

    /// Writes a list of texts where a value is due.
    mutating func append(_ texts: [String]) {
        bytes.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSON.writeString(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func append(_ key: String, shared members: JSON.Members) {
        self.key(key)
        if let lastShared, lastShared.members.isSameStorage(as: members) {
            let text = Array(bytes[lastShared.range])
            return bytes.append(contentsOf: text)
        }
        let start = bytes.count
        JSON.object(members).write(to: &bytes)
        lastShared = (members, start..<bytes.count)
    }
}
