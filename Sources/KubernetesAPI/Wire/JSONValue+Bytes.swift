import ClusterModel
import Foundation

extension JSONValue {
    /// The same bytes for the same value.
    func canonicalBytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw KubernetesAPIError.impossible("the object holds a number that JSON cannot write")
        }
    }
}
