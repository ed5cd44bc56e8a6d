public import ClusterModel
import Foundation
import Templates

/// Reads what a machine says of itself, in one quick round trip.
public enum ObservationScript {
    /// Prints one JSON document; exits with 0 also on a machine that has nothing installed.
    public static let text = "set -- \(ShellQuoting.words(NodeService.allCases.map(\.unit)))\n" + NodeTemplates.observeScript

    /// The facts in what the script printed.
    /// - Throws: `SlipwayError` when it printed something else.
    public static func facts(from output: String) throws -> HostFacts {
        let printed: Printed
        do {
            printed = try JSONDecoder().decode(Printed.self, from: Data(output.utf8))
        } catch {
            throw SlipwayError(
                .failed, doing: "reading what the machine says of itself", cause: "its answer cannot be read",
                log: output.split(separator: "\n").prefix(5).map(String.init))
        }
        var services: [NodeService: String] = [:]
        for (unit, state) in printed.services {
            if let service = NodeService.allCases.first(where: { $0.unit == unit }) { services[service] = state }
        }
        return HostFacts(
            specDigest: printed.specDigest.isEmpty ? nil : printed.specDigest, damagedFiles: printed.damagedFiles.sorted(),
            binaries: KubernetesVersion(printed.binaries), services: services, hasEtcdData: printed.hasEtcdData, bootID: printed.bootID,
            certificatesUntil: printed.certificatesUntil)
    }

    private struct Printed: Decodable {
        var specDigest: String
        var damagedFiles: [String]
        var binaries: String
        var services: [String: String]
        var hasEtcdData: Bool
        var bootID: String
        var certificatesUntil: Int?
    }
}
