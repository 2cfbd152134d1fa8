extension String {
    /// The name, cut to the 63 bytes that PostgreSQL takes and still different for different names.
    package var fittedName: String {
        guard utf8.count > 63 else { return self }
        var short = self[...]
        while short.utf8.count > 54 { short.removeLast() }
        return "\(short)_\(hashedName)"
    }

    /// Eight characters that depend on all of the string.
    var hashedName: String {
        var hash: UInt32 = 0x811c_9dc5
        for byte in utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
