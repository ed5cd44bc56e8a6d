import Bootstrap
import ClusterModel
import Foundation
import Testing

/// Flags are checked against what the real programs print for `--help`. (`insecure-port` was added by hand: 1.20 takes it
/// but hides it.)
@Suite struct FlagTests {
    @Test(arguments: [
        ("kube-apiserver", "1.20.2"), ("kube-controller-manager", "1.20.2"), ("kube-scheduler", "1.20.2"), ("kubelet", "1.20.2"),
        ("kube-proxy", "1.20.2"), ("etcd", "3.4"),
    ])
    func everyFlagIsKnown(program: String, version: String) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/flags-\(program)-\(version).txt")
        let known = Set(String(decoding: try Data(contentsOf: url), as: UTF8.self).split(separator: "\n").map(String.init))
        let unit = try NodeContent.render(Fixture.input()).text(at: "\(NodePaths.units)/\(program).service")
        let used = unit.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("--") }
            .compactMap { $0.dropFirst(2).split(separator: "=").first.map(String.init) }
        #expect(!used.isEmpty)
        #expect(used.filter { !known.contains($0) } == [])
        #expect(Set(used).count == used.count)
    }
}
