package import Documents
import Foundation

/// What must be known of dbt_project.yml before anything is rendered: its flags and where logs go.
package struct ProjectOutline: Sendable {
    package var name: String?
    package var flags = JSON.Members()
    package var logPath = "logs"
    package var targetPath = "target"

    /// Reads what can be read; errors are for those who read the whole file. Nil where there is no file.
    package init?(folder: String) {
        let path = ProjectFileSystem.absolute(folder) + "/dbt_project.yml"
        guard ProjectFileSystem.exists(path) else { return nil }
        guard let text = try? ProjectFileSystem.text(of: path, calledInErrors: "dbt_project.yml"),
            let root = try? YAMLDocument.parse(text, file: "dbt_project.yml")
        else { return }
        name = root["name"]?.string
        flags = root["flags"]?.json.object ?? JSON.Members()
        if let path = root["log-path"]?.string, !path.contains("{") { logPath = path }
        if let path = root["target-path"]?.string, !path.contains("{") { targetPath = path }
    }
}
