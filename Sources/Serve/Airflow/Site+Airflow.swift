import Documents
import HTTPTypes
import Hummingbird
import Orchestrate

extension Site {
    /// Airflow's stable REST APIs over the project's pipelines and runs, so that its clients go on working.
    var airflowRoutes: [Route] {
        var routes: [Route] = [.post("/auth/token", nil) { request, context in try await token(request, context) }]
        for dialect in AirflowDialect.allCases {
            routes += AirflowSystem(site: self, dialect: dialect).routes
            routes += AirflowValues(site: self, dialect: dialect).routes
            routes += AirflowDags(site: self, dialect: dialect).routes
            routes += AirflowRuns(site: self, dialect: dialect).routes
            routes += AirflowTasks(site: self, dialect: dialect).routes
            routes += AirflowLogs(site: self, dialect: dialect).routes
        }
        return routes + AirflowBackfills(site: self).routes
    }

    /// A bearer token for a name and a password, as Airflow 3 gives it; it lives as long as a session.
    private func token(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let body = try await Doorman.json(request, context)
        guard let name = body["username"]?.string, let password = body["password"]?.string else {
            throw Problem(.unprocessableContent, "username or password is missing", hint: "send both as a JSON object")
        }
        guard let user = try await gatekeeper.checkedUser(name, password: password, from: context.remoteAddress) else {
            throw Problem(.unauthorized, "name or password is wrong", hint: "an admin can set another: leat user set NAME")
        }
        let session = try await access.makeSession(of: user)
        return Response(json: ["access_token": .string(session.text)], status: .created)
    }
}
