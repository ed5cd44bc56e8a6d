import ClusterModel
import Foundation

/// A spec from a file, or from standard input for `-`.
enum SpecFile {
    /// - Parameter name: the cluster that it must be of, nil for any.
    /// - Throws: `SpecDiagnostics` with everything that is wrong; `.notFound` for a file that cannot be read.
    static func read(_ path: String, name: String? = nil, console: Console) throws -> Cluster {
        let bytes: [UInt8]
        do {
            bytes =
                path == "-"
                ? Surroundings.current.input() : [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            let reason = FileManager.default.fileExists(atPath: path) ? "it cannot be read" : "there is no such file"
            throw SlipwayError(
                .notFound, doing: "reading the spec \(path)", cause: reason, hint: "give a file with -f, or - for standard input")
        }
        return try check(SpecDecoder.decode(bytes, file: path == "-" ? "standard input" : path, expectedName: name), console: console)
    }

    /// Prints the warnings of a spec that was read.
    static func check(_ result: Result<ReadSpec, SpecDiagnostics>, console: Console) throws -> Cluster {
        let spec = try result.get()
        for warning in spec.warnings { console.say(warning.render(width: console.messages.width, color: console.messages.color)) }
        return spec.cluster
    }
}
