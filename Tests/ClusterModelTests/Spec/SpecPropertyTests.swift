import ClusterModel
import Foundation
import TestSupport
import Testing

/// Over many random specs and texts; each failure names its seed.
@Suite struct SpecPropertyTests {
    @Test func readingWhatWasWrittenGivesTheSame() throws {
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed)
            let cluster = RandomSpec.cluster(&generator)
            let text = SpecEncoder.yaml(cluster)
            switch Specs.decode(text) {
            case .success(let read): #expect(read.cluster == cluster, "seed \(seed)\n\(text)")
            case .failure(let failure): Issue.record("seed \(seed): \(failure.render())\n\(text)")
            }
        }
    }

    /// The state holds specs as JSON.
    @Test func specsSurviveJSON() throws {
        for seed in UInt64(0)..<50 {
            var generator = SeededGenerator(seed: seed)
            let cluster = RandomSpec.cluster(&generator)
            #expect(try JSONDecoder().decode(Cluster.self, from: JSONEncoder().encode(cluster)) == cluster, "seed \(seed)")
        }
    }

    @Test func differencesAreNoneOfItselfAndSomeOfOthers() {
        for seed in UInt64(0)..<50 {
            var generator = SeededGenerator(seed: seed)
            let one = RandomSpec.cluster(&generator)
            let other = RandomSpec.cluster(&generator)
            #expect(SpecDiff.differences(old: one, new: one).isEmpty, "seed \(seed)")
            #expect(one == other || !SpecDiff.differences(old: one, new: other).isEmpty, "seed \(seed)")
        }
    }

    /// Texts as they come out of a bad day: always a cluster or a reason, never a crash, and every place lies in the text.
    @Test func damagedTextsGiveAClusterOrAReason() throws {
        let inputs = try Golden.inputs("spec").map { try Golden.input("spec/\($0)") }
        let valid = try Golden.inputs("spec").filter { $0.hasPrefix("valid-") }.map { try Golden.input("spec/\($0)") }
        let parts: [String] = [
            "\n", "\t", "  ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", "&a ", "*a", "!!int ", "|\n", "? ", "---\n", "null", "\u{0}",
            "é",
            "日", "\u{85}", "\r\n", "<<: ", "%", "@", "99999999999999999999", "count", "zones: ",
        ]
        var clusters = 0
        for seed in UInt64(0)..<1500 {
            var generator = SeededGenerator(seed: seed)
            var bytes = generator.pick(generator.chance(50) ? valid : inputs)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes.insert(contentsOf: Array(generator.pick(parts).utf8), at: place)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...12, using: &generator)))
                case 2:
                    if place < bytes.count { bytes[place] = UInt8.random(in: generator.chance(10) ? 0...255 : 32...126, using: &generator) }
                case 3: if generator.chance(20) { bytes.removeSubrange(place...) }
                default:
                    let end = min(bytes.count, place + Int.random(in: 1...80, using: &generator))
                    bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
                }
            }
            switch SpecDecoder.decode(bytes, file: "demo.yaml") {
            case .success(let read):
                clusters += 1
                #expect(try Specs.decode(SpecEncoder.yaml(read.cluster)).get().cluster == read.cluster, "seed \(seed)")
            case .failure(let failure):
                #expect(!failure.errors.isEmpty, "seed \(seed)")
                for diagnostic in failure.diagnostics where diagnostic.line != nil {
                    #expect(
                        (diagnostic.line ?? 0) >= 1 && (diagnostic.line ?? 0) <= bytes.count + 1 && (diagnostic.column ?? 0) >= 1,
                        "seed \(seed)")
                    #expect(!diagnostic.render(width: 30, color: true).isEmpty)
                }
            }
        }
        #expect(clusters > 40, "the damage leaves too few readable")
    }
}

/// Valid specs, with text that wants to be misread.
enum RandomSpec {
    private static let words = ["no", "on", "y", "null", "true", "e5", "local-a", "local-b", "a", "z-1", "x0"]
    private static let values = ["", "yes", "1.20", "0x10", "1_000", "2001-01-01", "012", "1e3", "a.b_c-d", "12", "No", "NULL", "x:y"]

    static func cluster(_ generator: inout SeededGenerator) -> Cluster {
        let zones = distinct(words, upTo: 4, &generator)
        let poolNames = distinct(["nodes", "gpu", "no", "on", "y", "true", "pool-2"], upTo: 3, &generator)
        let keys = (0..<Int.random(in: 0...2, using: &generator)).map { _ in sshKey(&generator) }
        return Cluster(
            name: generator.pick(["demo", "no", "true", "null", "a1", "x-y-z"]),
            spec: ClusterSpec(
                kubernetesVersion: generator.chance(50)
                    ? KubernetesVersion(major: 1, minor: 20, patch: Int.random(in: 0...15, using: &generator)) : nil,
                cloud: CloudSpec(
                    provider: .local,
                    local: LocalCloudSpec(
                        cidr: generator.chance(50) ? IPv4CIDR("100.\(Int.random(in: 64...127, using: &generator)).8.0/24") : nil)),
                access: AccessSpec(
                    api: generator.chance(50) ? ["10.0.0.0/8", "0.0.0.0/0"].compactMap { IPv4CIDR($0) } : [],
                    ssh: generator.chance(50) ? ["192.168.1.7/32"].compactMap { IPv4CIDR($0) } : [], sshPublicKeys: keys),
                controlPlane: ControlPlaneSpec(count: 1, zones: zones, instanceType: "local.small"),
                pools: generator.chance(10) ? [] : poolNames.map { pool($0, zones, &generator) },
                network: NetworkSpec(podCIDR: SpecDefaults.podCIDR, serviceCIDR: SpecDefaults.serviceCIDR),
                assets: AssetsSpec(
                    source: generator.pick([
                        "official", "/srv/a b: c #d", "/srv/'quoted' \"twice\"", "/srv/ü\u{1F680}", "https://m.example.com/x?y=1",
                    ])),
                deletionProtection: generator.chance(50)))
    }

    private static func pool(_ name: String, _ zones: [String], _ generator: inout SeededGenerator) -> PoolSpec {
        var labels: [String: String] = [:]
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let value = generator.pick(values)
            labels[generator.pick(["on", "no", "1.5", "example.com/tier", "true", "0x1f", "node-role.kubernetes.io/web"])] =
                value.contains(":") ? "x" : value
        }
        var taints: [Taint] = []
        for effect in Taint.Effect.allCases where generator.chance(30) {
            taints.append(
                Taint(key: generator.pick(["on", "example.com/x", "1.20"]), value: generator.pick([nil, "yes", "1.0"]), effect: effect))
        }
        return PoolSpec(
            name: name, zones: generator.chance(50) ? zones : distinct(words, upTo: 3, &generator),
            count: Int.random(in: 0...9, using: &generator), instanceType: "local.small", labels: labels, taints: taints,
            update: UpdateSpec(
                maxSurge: generator.chance(50)
                    ? .count(Int.random(in: 1...3, using: &generator)) : .percent(Int.random(in: 1...100, using: &generator)),
                maxUnavailable: generator.chance(50) ? .count(Int.random(in: 0...3, using: &generator)) : .percent(10),
                drainTimeout: Seconds(Int.random(in: 1...86_400, using: &generator))))
    }

    private static func distinct(_ from: [String], upTo count: Int, _ generator: inout SeededGenerator) -> [String] {
        Array(from.shuffled(using: &generator).prefix(Int.random(in: 1...count, using: &generator)))
    }

    private static func sshKey(_ generator: inout SeededGenerator) -> String {
        let type = Array("ssh-ed25519".utf8)
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let blob = [0, 0, 0, UInt8(type.count)] + type + [0, 0, 0, 32] + key
        return "ssh-ed25519 \(Data(blob).base64EncodedString()) \(generator.pick(["me@example.com", "it's #1: mine", "jörg"]))"
    }
}
