import Documents
import Jinja

extension JSON.Members {
    /// As `init(_:)`, with the type of the pairs known, so that they may be written as literals.
    init(pairs: [(String, JSON)]) {
        self.init()
        for (key, value) in pairs { append(key, value) }
    }
}

extension Dict {
    /// As `init(_:)`, with the type of the pairs known, so that they may be written as literals.
    convenience init(pairs: [(Value, Value)]) { self.init(pairs) }
}
