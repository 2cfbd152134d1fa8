/// Finds the task or group that a name stands for, from inside a group outwards.
struct TaskScope {
    private let paths: Set<String>

    /// - Parameter paths: all tasks and groups of the pipeline.
    init(_ paths: Set<String>) { self.paths = paths }

    /// The path that `name` means to the task at `path`: a neighbour first, then one of the groups around, then the whole pipeline.
    func resolve(_ name: String, from path: String) -> String? {
        var around = path.split(separator: ".").dropLast()
        while true {
            let candidate = (around.map(String.init) + [name]).joined(separator: ".")
            if candidate != path, paths.contains(candidate) { return candidate }
            if around.isEmpty { return nil }
            around.removeLast()
        }
    }
}
