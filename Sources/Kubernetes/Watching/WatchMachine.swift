import Documents

/// Keeps up with the objects of a list: a pure value that takes what happened and says what to do next.
///
/// The rules are those of https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes: a list, then a
/// watch from the list's version; bookmarks move that version on; a watch that ends is opened again where it stood; one whose
/// version is too old (410, as a status or as an event of type ERROR) begins with a new list, which is compared with what is
/// known, by uid, so that what was deleted meanwhile is told too.
package struct WatchMachine<Object: ClusterObject>: Sendable {
    package enum Event: Sendable {
        case started
        case listed(ObjectList<Object>)
        case listFailed(KubernetesError)
        /// One line of the watch.
        case line(WatchLine)
        /// The watch was open for a good while, whether or not anything was heard on it. Its end comes next.
        case lasted
        /// The stream has come to its end, as it does after its time.
        case ended
        /// The stream broke, was cut within an object, or could not be opened.
        case broke(KubernetesError)
        /// Nothing was heard for longer than can be.
        case silent
        /// The pause is over.
        case waited
    }

    package enum Action: Sendable {
        case list(next: String?)
        case watch(from: String, timeoutSeconds: Int)
        /// Pause, and come back with `waited`.
        case wait(Duration)
        case tell(Change<Object>)
        /// All that is there has been told.
        case caughtUp
        /// There is no use in going on.
        case fail(KubernetesError)
    }

    /// What comes after a pause.
    private enum Next: Sendable { case list, watch }

    private var known: [String: Object] = [:]
    private var version = ""
    private var pages: [Object] = []
    private var next = Next.list
    private var backOff = BackOff()
    private let chance: @Sendable () -> Double
    private var refusals = 0
    /// How many watches in a row have ended soon and without a word.
    private var barren = 0

    /// - Parameter chance: a number of 0 to 1, each time another.
    package init(chance: @escaping @Sendable () -> Double) { self.chance = chance }

    package mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .started: return [.list(next: nil)]
        case .listed(let page): return listed(page)
        case .listFailed(let error): return failed(error, next: .list)
        case .line(.event(let kind, let json)): return change(kind, json)
        case .line(.bookmark(let newer)):
            heard()
            if !newer.isEmpty { version = newer }
            return []
        case .line(.failure(let code, let message)):
            if code == 410 { return relist() }
            // Among them is 500 of a server whose store cannot tell of progress: what helps is a list.
            return failed(KubernetesError(.serverFailed, "the watch failed: \(message)", status: code), next: .list)
        case .lasted:
            heard()
            return []
        case .ended:
            // At once: the server ends each watch after its time. Unless it, or what stands before it, ends all of them.
            barren += 1
            return barren > 2 ? pause(before: .watch) : [watch()]
        case .silent: return failed(KubernetesError(.unreachable, "nothing was heard on a watch"), next: .watch)
        case .broke(let error):
            if error.kind == .expired { return relist() }
            return failed(error, next: .watch)
        case .waited: return next == .list ? [.list(next: nil)] : [watch()]
        }
    }

    private mutating func watch() -> Action {
        // Not all watches of a cluster end at the same moment.
        .watch(from: version, timeoutSeconds: 290 + Int(chance() * 60))
    }

    private mutating func heard() {
        backOff.reset()
        refusals = 0
        barren = 0
    }

    private mutating func relist() -> [Action] {
        pages = []
        barren += 1
        return barren > 2 ? pause(before: .list) : [.list(next: nil)]
    }

    private mutating func pause(before next: Next) -> [Action] {
        self.next = next
        return [.wait(backOff.next(chance: chance()))]
    }

    private mutating func failed(_ error: KubernetesError, next: Next) -> [Action] {
        pages = []
        switch error.kind {
        case .expired: return relist()
        case .forbidden, .badConfiguration, .badCredentials, .notFound: return [.fail(error)]
        // The client has tried with new credentials already.
        case .unauthorized:
            refusals += 1
            if refusals > 3 { return [.fail(error)] }
        default: break
        }
        return pause(before: next)
    }

    private mutating func listed(_ page: ObjectList<Object>) -> [Action] {
        pages += page.items
        if let next = page.next { return [.list(next: next)] }
        version = page.resourceVersion
        var actions: [Action] = []
        let uids = Set(pages.map(\.metadata.uid))
        for (uid, object) in known.sorted(by: { $0.key < $1.key }) where !uids.contains(uid) {
            known[uid] = nil
            actions.append(.tell(Change(.deleted, object, isSeen: false)))
        }
        for object in pages {
            let old = known.updateValue(object, forKey: object.metadata.uid)
            if old?.metadata.resourceVersion == object.metadata.resourceVersion { continue }
            actions.append(.tell(Change(old == nil ? .added : .modified, object)))
        }
        pages = []
        refusals = 0
        // A list alone is no sign that watches work.
        if barren == 0 { backOff.reset() }
        return actions + [.caughtUp, watch()]
    }

    private mutating func change(_ kind: WatchLine.Kind, _ json: JSON) -> [Action] {
        let object = Object(json)
        heard()
        version = object.metadata.resourceVersion
        let uid = object.metadata.uid
        if kind == .deleted {
            known[uid] = nil
            return [.tell(Change(.deleted, object))]
        }
        let old = known.updateValue(object, forKey: uid)
        // After a watch was opened again the server may tell the last change once more.
        if let old, old.metadata.resourceVersion == object.metadata.resourceVersion { return [] }
        return [.tell(Change(old == nil ? .added : .modified, object))]
    }
}

/// A change of one object of a list that is watched.
package struct Change<Object: ClusterObject>: Sendable {
    package let kind: WatchLine.Kind
    /// The object after the change; of a deleted one the last that was known.
    package let object: Object
    /// Whether the change itself was seen. If not, the object is gone and nobody saw how.
    package let isSeen: Bool

    package init(_ kind: WatchLine.Kind, _ object: Object, isSeen: Bool = true) {
        self.kind = kind
        self.object = object
        self.isSeen = isSeen
    }
}
