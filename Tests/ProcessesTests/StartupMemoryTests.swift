#if os(Linux)
    import Foundation
    import Testing

    @testable import Processes

    @Suite("Memory that only starting needed")
    struct StartupMemoryTests {
        @Test(
            "mappings that hold what their file holds are told from all others",
            arguments: [
                ("5581e0a00000-5581e0b00000 r-xp 00ac6000 08:01 131                        /usr/bin/leat\n", true),
                ("7f0000001000-7f0000002000 r--p 00000000 08:01 131                        /a folder/leat\n", true),
                ("7f0000001000-7f0000002000 r--p 00ac6000 08:01 131                        /usr/bin/leat\n", false),
                ("7f0000001000-7f0000002000 rw-p 00000000 08:01 131                        /usr/bin/leat\n", false),
                ("7f0000001000-7f0000002000 rwxp 00000000 08:01 131                        /usr/bin/leat\n", false),
                ("7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]\n", false),
                ("7f0000001000-7f0000002000 r--p 00000000 00:00 0 \n", false),
                ("no mapping", false),
            ])
        func mappings(line: String, isClean: Bool) { #expect((StartupMemory.clean(line) != nil) == isClean) }

        @Test("pages of files go, and the program runs on")
        func release() throws {
            // All of this program's text is brought in, so that there is something to give back.
            var sum = 0
            for line in try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n") {
                guard let range = StartupMemory.clean(String(line)) else { continue }
                for page in stride(from: range.lowerBound, to: range.upperBound, by: 4096) {
                    sum += Int(UnsafePointer<UInt8>(bitPattern: page)?.pointee ?? 0)
                }
            }
            let before = try filePages()
            StartupMemory.release()
            // What other tests need at this moment comes back at once.
            #expect(try filePages() < before / 2 && sum > 0)
        }

        private func filePages() throws -> Int {
            let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
            return try #require(Int(fields[2]))
        }
    }
#endif
