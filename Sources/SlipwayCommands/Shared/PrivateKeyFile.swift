import ClusterModel
import Foundation
import StateStore

/// A person's private key, as ssh itself would take it.
enum PrivateKeyFile {
    /// - Throws: `.notFound`; `.refused` when others may read it.
    static func read(_ path: String) throws -> Secret {
        let doing = "reading the SSH key \(path)"
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        guard let found = try? FileManager.default.attributesOfItem(atPath: file.path), found[.type] as? FileAttributeType == .typeRegular
        else {
            throw SlipwayError(.notFound, doing: doing, cause: "there is no such file", hint: "name the private key, not the .pub file")
        }
        let mode = found[.posixPermissions] as? Int ?? 0o777
        if let (cause, hint) = PrivateFile.exposure(mode: UInt32(mode), of: path) {
            throw SlipwayError(.refused, doing: doing, cause: cause, hint: hint)
        }
        do {
            return Secret([UInt8](try Data(contentsOf: file)))
        } catch {
            throw SlipwayError(.notFound, doing: doing, cause: "it cannot be read")
        }
    }
}
