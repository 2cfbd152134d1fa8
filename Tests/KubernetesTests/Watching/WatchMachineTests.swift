import Documents
import Kubernetes
import Testing

@Suite("Watching, as rules")
struct WatchMachineTests {
    private func pod(_ name: String, uid: String, version: Int) -> JSON {
        ["metadata": ["name": .string(name), "uid": .string(uid), "resourceVersion": .string(String(version))]]
    }

    private func list(_ items: [JSON], version: Int, next: String? = nil) -> WatchMachine<Pod>.Event {
        .listed(
            ObjectList([
                "metadata": ["resourceVersion": .string(String(version)), "continue": next.map { .string($0) } ?? .null],
                "items": .array(items),
            ]))
    }

    /// Actions in words.
    private func words(_ actions: [WatchMachine<Pod>.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .list(let next): "list" + (next.map { " from \($0)" } ?? "")
            case .watch(let version, let seconds): "watch from \(version) for \(seconds)"
            case .wait(let pause): "wait \(pause)"
            case .tell(let change):
                "\(change.kind.rawValue) \(change.object.metadata.uid)\(change.isSeen ? "" : " unseen")"
            case .caughtUp: "caught up"
            case .fail(let error): "fail \(error.code)"
            }
        }
    }

    private func started() -> WatchMachine<Pod> {
        var machine = WatchMachine<Pod> { 0.5 }
        _ = machine.handle(.started)
        _ = machine.handle(list([pod("a", uid: "1", version: 5)], version: 7))
        return machine
    }

    @Test("lists first, page by page, and watches from the version of the list")
    func listsThenWatches() {
        var machine = WatchMachine<Pod> { 0.5 }
        #expect(words(machine.handle(.started)) == ["list"])
        #expect(words(machine.handle(list([pod("a", uid: "1", version: 5)], version: 7, next: "x"))) == ["list from x"])
        #expect(
            words(machine.handle(list([pod("b", uid: "2", version: 6)], version: 7)))
                == ["ADDED 1", "ADDED 2", "caught up", "watch from 7 for 320"])
    }

    @Test("a watch that has ended goes on at the version of the last event or bookmark")
    func goesOn() {
        var machine = started()
        #expect(words(machine.handle(.line(.event(.modified, pod("a", uid: "1", version: 9))))) == ["MODIFIED 1"])
        #expect(words(machine.handle(.ended)) == ["watch from 9 for 320"])
        #expect(words(machine.handle(.line(.bookmark(resourceVersion: "40")))) == [])
        #expect(words(machine.handle(.ended)) == ["watch from 40 for 320"])
    }

    @Test("the same version of an object is told once")
    func tellsOnce() {
        var machine = started()
        #expect(words(machine.handle(.line(.event(.added, pod("a", uid: "1", version: 5))))) == [])
        #expect(words(machine.handle(.line(.event(.added, pod("b", uid: "2", version: 8))))) == ["ADDED 2"])
    }

    @Test("after 410, as a status or as an event, it lists anew and tells what has changed meanwhile, by uid")
    func relists() {
        let expired = KubernetesError(.expired, "too old", status: 410)
        for event in [WatchMachine<Pod>.Event.broke(expired), .line(.failure(code: 410, message: "too old"))] {
            var machine = started()
            _ = machine.handle(.line(.event(.added, pod("c", uid: "3", version: 8))))
            #expect(words(machine.handle(event)) == ["list"])
            // "a" was deleted and made again, "c" has changed.
            let items = [pod("a", uid: "9", version: 20), pod("c", uid: "3", version: 21)]
            #expect(
                words(machine.handle(list(items, version: 30)))
                    == ["DELETED 1 unseen", "ADDED 9", "MODIFIED 3", "caught up", "watch from 30 for 320"])
        }
    }

    @Test("a list that is compared with what is known does not repeat what has not changed")
    func relistIsQuiet() {
        var machine = started()
        _ = machine.handle(.line(.failure(code: 410, message: "too old")))
        #expect(
            words(machine.handle(list([pod("a", uid: "1", version: 5)], version: 50)))
                == ["caught up", "watch from 50 for 320"])
    }

    @Test("breaks are followed by growing pauses, which begin anew once something was heard")
    func backsOff() {
        var machine = started()
        let broken = KubernetesError(.unreachable, "cut")
        var pauses: [String] = []
        for _ in 0..<8 {
            pauses += words(machine.handle(.broke(broken)))
            #expect(words(machine.handle(.waited)) == ["watch from 7 for 320"])
        }
        #expect(pauses.first == "wait 0.6 seconds")
        #expect(pauses[1] == "wait 1.2 seconds")
        #expect(pauses.last == "wait 22.5 seconds")
        _ = machine.handle(.line(.bookmark(resourceVersion: "8")))
        #expect(words(machine.handle(.silent)) == ["wait 0.6 seconds"])
    }

    @Test("a page whose token is too old begins the list anew")
    func listExpires() {
        var machine = WatchMachine<Pod> { 0.5 }
        _ = machine.handle(.started)
        _ = machine.handle(list([pod("a", uid: "1", version: 5)], version: 7, next: "x"))
        #expect(words(machine.handle(.listFailed(KubernetesError(.expired, "old", status: 410)))) == ["list"])
        #expect(words(machine.handle(list([], version: 9))) == ["caught up", "watch from 9 for 320"])
    }

    @Test("a server that cannot watch from a version is listed again after a pause")
    func serverFails() {
        var machine = started()
        #expect(words(machine.handle(.line(.failure(code: 500, message: "etcd")))) == ["wait 0.6 seconds"])
        #expect(words(machine.handle(.waited)) == ["list"])
    }

    @Test("a server of which no watch says anything, or whose versions are always too old, is asked after growing pauses")
    func barren() {
        var machine = started()
        for _ in 0..<2 { #expect(words(machine.handle(.ended)) == ["watch from 7 for 320"]) }
        #expect(words(machine.handle(.ended)) == ["wait 0.6 seconds"])
        #expect(words(machine.handle(.waited)) == ["watch from 7 for 320"])
        #expect(words(machine.handle(.line(.failure(code: 410, message: "old")))) == ["wait 1.2 seconds"])
        #expect(words(machine.handle(.waited)) == ["list"])
        #expect(words(machine.handle(list([], version: 9))) == ["DELETED 1 unseen", "caught up", "watch from 9 for 320"])
        #expect(words(machine.handle(.broke(KubernetesError(.expired, "old", status: 410)))) == ["wait 2.4 seconds"])
        // Something is heard: all is well again.
        _ = machine.handle(.line(.bookmark(resourceVersion: "12")))
        #expect(words(machine.handle(.ended)) == ["watch from 12 for 320"])
        #expect(words(machine.handle(.line(.failure(code: 410, message: "old")))) == ["list"])
        // Nothing happens for long, and each watch ends after its time.
        for _ in 0..<9 {
            _ = machine.handle(.lasted)
            #expect(words(machine.handle(.ended)) == ["watch from 12 for 320"])
        }
    }

    @Test("without the right there is no use in going on")
    func rightMissing() {
        var machine = WatchMachine<Pod> { 0.5 }
        _ = machine.handle(.started)
        #expect(words(machine.handle(.listFailed(KubernetesError(.forbidden, "no")))) == ["fail kubernetes.forbidden"])
    }

    @Test("a line that was cut is no line; types to come are passed over")
    func lines() {
        #expect(WatchLine(parsing: Array(#"{"type":"ADDED","object":{"metad"#.utf8)) == nil)
        #expect(WatchLine(parsing: Array(#"{"type":"NEW","object":{}}"#.utf8)) == .bookmark(resourceVersion: ""))
        #expect(
            WatchLine(parsing: Array(#"{"type":"ERROR","object":{"code":410,"message":"old"}}"#.utf8))
                == .failure(code: 410, message: "old"))
    }
}
