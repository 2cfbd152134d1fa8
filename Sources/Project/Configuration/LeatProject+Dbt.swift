import Foundation

extension LeatProject {
    /// The folder of the dbt project that somebody means who stands in `folder`: this folder, if it is one, else the one that
    /// leat.yml's pipelines name.
    /// - Throws: `ProjectError` where there is none or more than one.
    package static func dbtProjectDirectory(near folder: String) throws -> String {
        if FileManager.default.fileExists(atPath: folder + "/dbt_project.yml") { return folder }
        guard find(from: folder) != nil else {
            throw ProjectError(
                .notFound, "there is neither a dbt_project.yml nor a \(fileName) in \(folder)",
                hint: "change into the dbt project, or name it with --project-dir")
        }
        let project = try load(from: folder)
        var folders: [String] = []
        for (_, task) in project.pipelines.flatMap(\.allTasks) {
            guard case .dbt(let dbt) = task.kind, !folders.contains(dbt.project) else { continue }
            folders.append(dbt.project)
        }
        switch folders.count {
        case 1: return project.path(folders[0])
        case 0:
            throw ProjectError(
                .notFound, "no pipeline of \(fileName) names a dbt project", hint: "name its folder with --project-dir")
        default:
            throw ProjectError(
                .ambiguous, "\(fileName) names several dbt projects: \(folders.joined(separator: ", "))",
                hint: "choose one with --project-dir")
        }
    }

    /// A path of leat.yml as an absolute one.
    func path(_ relative: String) -> String {
        relative.hasPrefix("/") ? relative : URL(filePath: directory).appending(path: relative).standardizedFileURL.path
    }
}
