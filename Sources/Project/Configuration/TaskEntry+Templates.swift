extension TaskEntry.Kind {
    /// Whether it does nothing itself while it is under way.
    var isWaiting: Bool {
        switch self {
        case .wait: true
        case .pipeline(let task): task.waits
        default: false
        }
    }

    /// The texts that are rendered when the task runs, and whether one without braces is an expression.
    var templates: [(TaskText, isExpression: Bool)] {
        switch self {
        case .sql(let task): task.templates
        case .command(let task):
            (task.words + task.environment.map { $0.value } + [task.directory].compactMap { $0 }).map { ($0, false) }
        case .http(let task): task.templates
        case .container(let task): task.templates.map { ($0, false) }
        case .branch(let text): [(text, true)]
        case .shortCircuit(let text, _): [(text, true)]
        case .wait(let task):
            switch task.condition {
            case .time(let text), .duration(let text), .file(let text): [(text, false)]
            case .sql(let sql): sql.templates
            case .http(let http): http.templates
            case .pipeline: []
            }
        case .sync, .dbt, .empty, .group, .pipeline: []
        }
    }
}

extension TaskEntry.SQLTask {
    fileprivate var templates: [(TaskText, isExpression: Bool)] { [text, file].compactMap { $0 }.map { ($0, false) } }
}

extension TaskEntry.HTTPTask {
    fileprivate var templates: [(TaskText, isExpression: Bool)] {
        ([url] + headers.map { $0.value } + [body].compactMap { $0 }).map { ($0, false) }
    }
}
