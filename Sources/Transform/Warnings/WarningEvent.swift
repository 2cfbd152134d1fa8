/// A warning under dbt's name and code for it: what `warn_error_options` goes by.
package struct WarningEvent: Sendable, Hashable {
    package let name: String
    package let code: String

    package init(_ name: String, _ code: String) {
        self.name = name
        self.code = code
    }

    /// Whether it is about something that a later dbt will no longer accept. Shown once unless all are asked for.
    package var isDeprecation: Bool { code.hasPrefix("D") }
}

extension WarningEvent {
    /// `exceptions.warn()`, and what Leat has to say that dbt has no name for.
    package static let jinjaLog = Self("JinjaLogWarning", "I061")
    /// A schema file describes what there is not.
    static let noNodeForYAMLKey = Self("NoNodeForYamlKey", "I058")
    static let macroNotFoundForPatch = Self("MacroNotFoundForPatch", "I059")
    /// A test of what there is not.
    static let nodeNotFoundOrDisabled = Self("NodeNotFoundOrDisabled", "I060")
    /// Overrides of sources that there are not.
    static let unusedTables = Self("UnusedTables", "I056")
    static let unusedResourceConfigPath = Self("UnusedResourceConfigPath", "I051")
    static let deprecatedModel = Self("DeprecatedModel", "I065")
    static let upcomingReferenceDeprecation = Self("UpcomingReferenceDeprecation", "I066")
    static let deprecatedReference = Self("DeprecatedReference", "I067")
    static let warnStateTargetEqual = Self("WarnStateTargetEqual", "I072")
    package static let unversionedBreakingChange = Self("UnversionedBreakingChange", "I071")
    static let invalidConcurrentBatchesConfig = Self("InvalidConcurrentBatchesConfig", "I075")
    package static let nothingToDo = Self("NothingToDo", "Q035")
    package static let noNodesSelected = Self("NoNodesSelected", "Q038")
    package static let noNodesForSelectionCriteria = Self("NoNodesForSelectionCriteria", "M030")
    /// What dbt only remarks.
    static let note = Self("Note", "Z050")
    static let depsUnpinned = Self("DepsUnpinned", "M029")
    /// How a test ended, for tests that only warn.
    static let logTestResult = Self("LogTestResult", "Q007")

    // Deprecations.
    static let missingArguments = Self("MissingArgumentsPropertyInGenericTestDeprecation", "D039")
    static let argumentsProperty = Self("ArgumentsPropertyInGenericTestDeprecation", "D038")
    static let propertyMovedToConfig = Self("PropertyMovedToConfigDeprecation", "D030")
    static let configSourcePath = Self("ConfigSourcePathDeprecation", "D003")
    static let configDataPath = Self("ConfigDataPathDeprecation", "D004")
    static let packageRedirect = Self("PackageRedirectDeprecation", "D001")
    static let configLogPath = Self("ConfigLogPathDeprecation", "D010")
    static let configTargetPath = Self("ConfigTargetPathDeprecation", "D011")
    static let sourceFreshnessProjectHooks = Self("SourceFreshnessProjectHooksNotRun", "D017")
    static let duplicateYAMLKeys = Self("DuplicateYAMLKeysDeprecation", "D024")
    package static let modelParamUsage = Self("ModelParamUsageDeprecation", "D032")
    static let duplicateName = Self("DuplicateNameDistinctNodeTypesDeprecation", "D040")
    static let exposureName = Self("ExposureNameDeprecation", "D007")
    package static let includeExclude = Self("WEOIncludeExcludeDeprecation", "D031")
    package static let deprecationsSummary = Self("DeprecationsSummary", "D028")
    static let customTopLevelKey = Self("CustomTopLevelKeyDeprecation", "D025")
    /// A key that is probably misspelt. dbt says so for other databases than PostgreSQL.
    static let customKeyInObject = Self("CustomKeyInObjectDeprecation", "D027")
    static let customKeyInConfig = Self("CustomKeyInConfigDeprecation", "D026")
}
