#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The functions of the C library that the engine needs.
enum Mathematics {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    /// The lowest usable address of the calling thread's stack; 0 when it cannot be found.
    ///
    /// Finding it costs tens of microseconds, so each thread remembers it.
    static func stackLimit() -> UInt {
        guard let key = stackKey else { return findStackLimit() }
        if let known = pthread_getspecific(key) { return UInt(bitPattern: known) - 1 }
        let limit = findStackLimit()
        pthread_setspecific(key, UnsafeRawPointer(bitPattern: limit + 1))
        return limit
    }

    private static let stackKey: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key, nil) == 0 ? key : nil
    }()

    private static func findStackLimit() -> UInt {
        #if canImport(Darwin)
            let thread = pthread_self()
            return UInt(bitPattern: pthread_get_stackaddr_np(thread)) - UInt(pthread_get_stacksize_np(thread))
        #elseif canImport(Glibc)
            // The module map leaves GNU's extensions out, so the function is looked up by name.
            typealias GetAttributes = @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32
            guard let symbol = dlsym(nil, "pthread_getattr_np") else { return 0 }
            let getAttributes = unsafeBitCast(symbol, to: GetAttributes.self)
            var attributes = pthread_attr_t()
            guard getAttributes(pthread_self(), &attributes) == 0 else { return 0 }
            defer { pthread_attr_destroy(&attributes) }
            var address: UnsafeMutableRawPointer?
            var size = 0
            guard pthread_attr_getstack(&attributes, &address, &size) == 0 else { return 0 }
            return UInt(bitPattern: address)
        #else
            return 0
        #endif
    }
}
