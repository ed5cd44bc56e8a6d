import ClusterModel

/// Functions that read what earlier versions of a format wrote: each makes the JSON of one version into that of the next.
///
/// There is one version yet. Whoever changes what a document can say raises its version, adds the function that reads the one
/// before, and adds fixtures of the new version beside the old ones.
struct FormatUpgrades: Sendable {
    typealias Function = @Sendable (JSONValue) throws -> JSONValue

    /// The version that is written.
    var current: Int
    /// By the version that it reads.
    var functions: [Int: Function] = [:]

    /// Of the body of the state document.
    static let state = FormatUpgrades(current: ClusterState.currentFormatVersion)
    /// Of a record of the journal.
    static let record = FormatUpgrades(current: ClusterState.currentFormatVersion)

    /// The JSON as the version that is written now would have it.
    func upgrade(_ value: JSONValue, from version: Int) throws -> JSONValue {
        guard version <= current else { throw Missing(version: version) }
        var value = value
        for step in version..<current {
            guard let function = functions[step] else { throw Missing(version: step) }
            value = try function(value)
        }
        return value
    }

    /// No function reads this version.
    struct Missing: Error, Equatable { var version: Int }
}
