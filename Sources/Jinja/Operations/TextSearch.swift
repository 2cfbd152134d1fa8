/// Substring search on bytes.
enum TextSearch {
    /// The byte offset of the first occurrence of `part`, at or after `start`.
    static func find(_ part: String, in text: String, from start: Int = 0) -> Int? {
        Text.withBytes(text) { haystack in Text.withBytes(part) { find($0, in: haystack, from: start) } }
    }

    /// The byte offset of the first occurrence.
    static func find(_ needle: UnsafeBufferPointer<UInt8>, in haystack: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let first = needle.first else { return start <= haystack.count ? start : nil }
        guard haystack.count >= needle.count else { return nil }
        let last = haystack.count - needle.count
        var index = start
        while index <= last {
            if haystack[index] == first && matches(needle, haystack, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// The byte offset of the last occurrence that ends at or before `end`.
    static func findLast(_ needle: UnsafeBufferPointer<UInt8>, in haystack: UnsafeBufferPointer<UInt8>, before end: Int) -> Int? {
        var index = end - needle.count
        while index >= 0 {
            if matches(needle, haystack, at: index) { return index }
            index -= 1
        }
        return nil
    }

    private static func matches(
        _ needle: UnsafeBufferPointer<UInt8>, _ haystack: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> Bool {
        for offset in 0..<needle.count where haystack[index + offset] != needle[offset] { return false }
        return true
    }

    /// Replaces up to `limit` occurrences (all when negative); an empty `old` matches between all characters.
    static func replace(_ text: String, _ old: String, with new: String, limit: Int, _ runtime: Runtime) -> String {
        if limit == 0 { return text }
        if old.isEmpty { return interleave(text, new, limit) }
        return Text.withBytes(text) { source in
            Text.withBytes(old) { needle in
                guard var hit = find(needle, in: source, from: 0) else { return text }
                var output = runtime.takeBuffer()
                var start = 0
                var count = 0
                while true {
                    output.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<hit]))
                    output.append(text: new)
                    start = hit + needle.count
                    count += 1
                    guard limit < 0 || count < limit, let next = find(needle, in: source, from: start) else { break }
                    hit = next
                }
                output.append(contentsOf: UnsafeBufferPointer(rebasing: source[start...]))
                let result = output.string
                runtime.giveBack(&output)
                return result
            }
        }
    }

    private static func interleave(_ text: String, _ new: String, _ limit: Int) -> String {
        var output: [UInt8] = []
        var count = 0
        for scalar in text.unicodeScalars {
            if limit < 0 || count < limit {
                output.append(text: new)
                count += 1
            }
            output.append(scalar: scalar)
        }
        if limit < 0 || count < limit { output.append(text: new) }
        return String(decoding: output, as: UTF8.self)
    }
}
