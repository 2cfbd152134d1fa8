/// The name of an attribute with the built-in method it means, looked up once while parsing.
struct AttributeName: Sendable {
    let name: String
    let method: Method?

    init(_ name: String) {
        self.name = name
        method = Method.named[name]
    }
}
