import Documents

extension LeatProject {
    /// The JSON Schema of a file under `pipelines/`: that of a pipeline in leat.yml.
    package static func pipelineSchema() throws -> String {
        let whole = try JSON(parsing: schema)
        let pipeline: JSON = [
            "$schema": whole["$schema"] ?? .null, "$id": "https://leat.dev/schemas/pipeline.json", "title": "A pipeline of Leat",
            "allOf": [["$ref": "#/definitions/pipeline"]], "definitions": whole["definitions"] ?? .null,
        ]
        return pipeline.text(indent: 2)
    }
}
