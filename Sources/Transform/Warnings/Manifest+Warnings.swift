import Documents

extension Manifest.Warning {
    /// A key that stands twice in a file.
    init(duplicate: YAMLDocument.Duplicate) {
        self.init(
            event: .duplicateYAMLKeys, message: "Duplicate key '\(duplicate.key)': the last one counts",
            location: duplicate.location, hint: "the first one is at \(duplicate.first)")
    }
}
