/// The example's data holds something that the expected result has no rule for.
struct ExpectedDataError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
