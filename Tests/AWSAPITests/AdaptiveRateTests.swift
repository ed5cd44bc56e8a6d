import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import AWSAPI

@Suite struct AdaptiveRateTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// What botocore's own limiter answers to the same: ten answers a second, of which three are refusals.
    @Test func theRateIsThatOfAWSOwnClients() throws {
        let rate = AdaptiveRate(at: Self.start)
        let wanted = [
            12: 6.72, 13: 4.704, 14: 5.036577, 21: 6.414054, 29: 6.719399, 30: 4.703579, 31: 5.036135, 41: 6.626595, 51: 6.74232,
            60: 7.569174,
        ]
        for count in 1...60 {
            rate.record(throttled: [12, 13, 30].contains(count), at: Self.start.addingTimeInterval(0.1 * Double(count)))
            #expect((rate.limit != nil) == (count >= 12), "nothing is limited before the first refusal")
            guard let wanted = wanted[count] else { continue }
            #expect(abs(try #require(rate.limit) - wanted) < 0.001, "answer \(count)")
        }
    }

    @Test func nobodyWaitsBeforeTheFirstRefusal() {
        let rate = AdaptiveRate(at: Self.start)
        for _ in 0..<1000 { #expect(rate.take(at: Self.start) == nil) }
    }

    @Test func behindARefusalRequestsComeNoFasterThanTheRate() async throws {
        let clock = TestClock()
        let rate = AdaptiveRate(at: clock.now)
        rate.record(throttled: true, at: clock.now)
        #expect(rate.limit == 0.5)
        let start = clock.now
        for _ in 0..<10 { try await rate.acquire(clock.context) }
        #expect(abs(clock.now.timeIntervalSince(start) - 20) < 0.5, "half a request a second")
    }

    @Test func onlyTheAdaptiveModeWaits() async throws {
        for (mode, slowest) in [("standard", 2.0), ("legacy", 2.0), ("adaptive", 1000.0)] {
            let clock = TestClock()
            let transport = FakeTransport { _, count in
                count == 1 ? FakeTransport.error(400, "RequestLimitExceeded") : HTTPAnswer(status: 200, body: [1])
            }
            let bucket = try S3Bucket(
                "plain", settings: Sample.settings(Sample.keys.merging(["AWS_RETRY_MODE": mode]) { $1 }), transport: transport,
                context: clock.context, retry: StandardRetry(random: { 0.5 }))
            let start = clock.now
            for _ in 0..<5 { _ = try await bucket.get("k") }
            let took = clock.now.timeIntervalSince(start)
            #expect(took < slowest && (mode == "adaptive") == (took > 2), "\(mode): \(took) s")
        }
    }
}
