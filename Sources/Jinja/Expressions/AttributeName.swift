/// The name of an attribute with the built-in method it means.
struct AttributeName {
    let name: String
    let method: Method?

    init(_ name: String) {
        self.name = name
        method = Method.named[name]
    }

    @inline(__always) init(_ name: String, _ method: Method?) {
        self.name = name
        self.method = method
    }
}
