/// A name in a template. All places with the same name share it.
struct Name {
    /// What a name consists of, besides its text.
    struct Storage {
        /// The text, kept by the ``Arena``.
        let text: UnsafeMutablePointer<String>
        let hash: UInt32
        /// The number in the ``NameTable`` of the template.
        let number: Int32
        /// The method of Python's types that is called so, once the name was used for an attribute.
        var method: Method?
        /// The text as the key of a dict, once the name was used for an attribute.
        var key: UnsafeMutablePointer<Value>?
    }

    let storage: UnsafeMutablePointer<Storage>

    /// Notes that the name is used for an attribute.
    func prepareForAttribute(_ arena: Arena) {
        if storage.pointee.key != nil { return }
        storage.pointee.method = Method.named[text]
        storage.pointee.key = arena.keep(.string(text))
    }

    /// The text of the name.
    @inline(__always) var text: String { storage.pointee.text.pointee }

    /// The number in the ``NameTable`` of the template.
    @inline(__always) var number: Int32 { storage.pointee.number }
}
