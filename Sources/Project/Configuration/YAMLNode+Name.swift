import Documents

extension YAMLNode.Member {
    /// What people must be able to type and to read: something, on one line.
    /// - Parameter what: what bears the name, such as "a task".
    /// - Throws: `DocumentError` for a name that cannot be.
    func checkName(_ what: String) throws {
        let isBlank = key.allSatisfy(\.isWhitespace)
        let hasControls = key.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard isBlank || hasControls else { return }
        throw DocumentError(
            .badValue, isBlank ? "\(what) needs a name" : "the name of \(what) holds a character that cannot be seen",
            location: keyLocation)
    }
}
