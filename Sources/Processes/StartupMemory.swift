#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Gives back the pages of code and constants that starting has touched.
///
/// They stay in the system's cache and count as this process's own until then: the dynamic linker reads all of its tables, and the
/// kernel brings in sixteen pages around each one that is wanted. What is needed again comes back from the cache by itself, in less than
/// a millisecond for all of it. For a sync that is most of its memory: the rows themselves need about 3 MB.
package enum StartupMemory {
    /// Does nothing where there is no `/proc`.
    package static func release() {
        #if os(Linux)
            guard let maps = fopen("/proc/self/maps", "re") else { return }
            defer { fclose(maps) }
            var line: UnsafeMutablePointer<CChar>?
            var capacity = 0
            defer { free(line) }
            while getline(&line, &capacity, maps) > 0 {
                guard let line, let range = clean(String(cString: line)) else { continue }
                madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
            }
        #endif
    }

    #if os(Linux)
        /// The addresses of a mapping that holds what its file holds, and nothing else: code, or the read-only segment at the file's
        /// beginning. Others may have been written before they were made read-only.
        ///
        /// - Parameter line: `5581e0a00000-5581e0b00000 r-xp 00ac6000 08:01 131 /usr/bin/leat`
        static func clean(_ line: String) -> Range<UInt>? {
            let fields = line.split(separator: " ")
            guard fields.count >= 6, fields[5].hasPrefix("/"),
                fields[1] == "r-xp" || fields[1] == "r--p" && fields[2] == "00000000"
            else { return nil }
            let addresses = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard addresses.count == 2, addresses[0] < addresses[1] else { return nil }
            return addresses[0]..<addresses[1]
        }
    #endif
}
