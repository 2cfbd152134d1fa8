#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The most memory that this process ever had, in bytes.
func peakMemory() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
    #else
        getrusage(__rusage_who_t(0), &usage)
        return usage.ru_maxrss * 1024
    #endif
}
