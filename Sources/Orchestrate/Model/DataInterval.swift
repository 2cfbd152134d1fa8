/// The span of time whose data a scheduled run works on: from `start`, up to but without `end`.
package struct DataInterval: Sendable, Hashable {
    package let start: Timestamp
    package let end: Timestamp

    package init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }
}
