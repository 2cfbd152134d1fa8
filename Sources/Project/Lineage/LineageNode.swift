/// A thing that data flows through: a table of a source, a connection, a landing table, a seed, a model, a snapshot, a reader.
package struct LineageNode: Sendable {
    package enum Kind: String, Sendable {
        /// A table in a source database.
        case table
        /// A connection, which moves tables.
        case connection
        /// A dbt source: a table that somebody else fills.
        case source
        case seed, model, snapshot
        /// Somebody who reads what the project makes.
        case exposure
    }

    /// What is said of a column.
    package struct Column: Sendable {
        package let name: String
        package let type: String?
        package let description: String
        /// The names of its tests.
        package var tests: [String] = []
    }

    package let id: String
    package let name: String
    package let kind: Kind
    /// What the warehouse calls it: `"warehouse"."marts"."project_engagement"`; nil for what is none.
    package var relation: String?
    /// In which way a model is kept: `view`, `table`, `incremental`.
    package var materialization: String?
    package var description = ""
    package var tags: [String] = []
    package var columns: [Column] = []
    /// The template, for what is made by one.
    package var code: String?
    /// The database whose catalog knows it: a destination's name; nil where none is known.
    package var database: String?
    /// The file that defines it, as seen from leat.yml.
    package var file: String?
    /// The ids of what it is made of.
    package var upstream: [String] = []
    /// Tests of the whole thing.
    package var tests: [String] = []
    /// The pipeline's task names that it runs under, without the pipeline: `transformations.stg_metrics.run`.
    package var taskNames: [String] = []
}
