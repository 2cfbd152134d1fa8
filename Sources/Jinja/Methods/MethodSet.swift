/// A set of methods, one bit each.
struct MethodSet: Sendable, ExpressibleByArrayLiteral {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(arrayLiteral methods: Method...) {
        for method in methods {
            if method.rawValue < 64 { low |= 1 << UInt64(method.rawValue) } else { high |= 1 << UInt64(method.rawValue - 64) }
        }
    }

    /// Whether the method is one of them.
    @inline(__always) func contains(_ method: Method) -> Bool {
        method.rawValue < 64 ? low >> UInt64(method.rawValue) & 1 == 1 : high >> UInt64(method.rawValue & 63) & 1 == 1
    }
}
