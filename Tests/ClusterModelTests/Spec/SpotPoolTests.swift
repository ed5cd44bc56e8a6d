import ClusterModel
import Foundation
import Testing

@Suite struct SpotPoolTests {
    /// States of before do not say, and where it is not said nothing is written either.
    @Test func aPoolThatDoesNotSayIsNone() throws {
        let pool = PoolSpec(name: "nodes", zones: ["us-east-1a"], count: 1, instanceType: "t3.medium")
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(pool), as: UTF8.self)
        #expect(!text.contains("spot"))
        #expect(try JSONDecoder().decode(PoolSpec.self, from: Data(text.utf8)) == pool)
        var spot = pool
        spot.spot = true
        #expect(try JSONDecoder().decode(PoolSpec.self, from: encoder.encode(spot)) == spot)
        #expect(spot.market == .spot && pool.market == nil)
    }

    @Test func aChangeIsOneDifference() throws {
        var spec = try Specs.cluster()
        let before = spec
        spec.spec.pools[0].spot = true
        #expect(SpecDiff.differences(old: before, new: spec).map(\.description) == ["spec.pools[nodes].spot: true"])
        #expect(SpecValidation.diagnostics(for: spec).map(\.message) == ["the cloud is local: there are no spot instances"])
    }
}
