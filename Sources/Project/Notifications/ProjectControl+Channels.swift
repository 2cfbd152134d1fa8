import Diagnostics
import Documents
package import Orchestrate

extension ProjectControl {
    /// Sends a message that says that it is a test through a channel, once, as a run would.
    /// - Parameter event: of what it shall seem to tell.
    /// - Throws: `ProjectError` where there is no such channel, where one of its templates fails, or where it does not take the message.
    package func testChannel(_ name: String, event: NotificationEvent, at now: Timestamp = .now) async throws {
        guard let channel = project.channels.first(where: { $0.name == name }) else {
            throw ProjectError.unknown("channel", name, among: project.channels.map(\.name))
        }
        let values = try await project.values(for: channel.templates.map(\.text), store)
        let state =
            switch event {
            case .failure: "failed"
            case .success, .recovery: "success"
            case .retry: "up_for_retry"
            case .deadline: "running"
            }
        var notification = Notification(
            event: event, project: project.name, run: RunID(pipeline: "test", name: "manual__\(now)"), task: nil,
            owner: control.author.name, time: now, state: state, message: "this is a test of the channel '\(name)'", hint: nil,
            logicalDate: now)
        notification.text = "[\(project.name)] " + notification.sentence
        do {
            if let template = channel.text {
                let globals = NotificationGlobals(
                    [notification], text: notification.text, first: notification, of: nil, values: values)
                notification.text = values.hidden.masked(try TaskRenderer.text(template, globals, values.hidden))
            }
            try await ChannelDelivery(channel: channel, project: project, values: values).send([notification])
        } catch {
            let failure = TaskFailure(error)
            throw ProjectError(
                failure.code == "task.template" ? .template : .notification,
                values.hidden.masked("the channel '\(name)' did not take the message: \(failure.message)"),
                location: failure.location ?? channel.location, hint: failure.hint.map { values.hidden.masked($0) },
                details: failure.details.map { values.hidden.masked($0) })
        }
    }
}
