import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Drivers

@Suite struct BootWatchTests {
    private static let name = "demo-nodes-a-1"
    private static let cluster = ClusterIdentity(name: "demo", uid: "0011aabb")

    /// What the cloud says at each question; the last one for ever.
    private final class Answers: Sendable {
        private let left: Mutex<[MachineRecord.Status?]>
        let asked = Mutex(0)

        init(_ answers: [MachineRecord.Status?]) { left = Mutex(answers) }

        func next() -> MachineRecord.Status? {
            asked.withLock { $0 += 1 }
            return left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }

        var cloud: FakeCloud {
            FakeCloud { answers in
                answers.observe = { _ in
                    guard let status = self.next() else { throw SlipwayError(.unreachable, doing: "asking", cause: "no answer") }
                    return CloudObservation(machines: [
                        MachineRecord(
                            name: BootWatchTests.name, providerID: "p", zone: "a", role: .worker, instanceType: "t",
                            address: Fixtures.address("100.96.8.21"), status: status, tags: [:])
                    ])
                }
            }
        }
    }

    /// After how many seconds it says that the machine has ended, asked five times a second; nil within three minutes.
    private func noticed(_ answers: Answers) async -> Int? {
        let watch = BootWatch(answers.cloud)
        for tick in 0..<900 {
            let now = Date(timeIntervalSince1970: 1_800_000_000 + Double(tick) / 5)
            if await watch.hasEnded(Self.name, of: Self.cluster, now: now) { return tick / 5 }
        }
        return nil
    }

    @Test func aMachineThatRanAndStoppedHasEnded() async {
        #expect(await noticed(Answers([.running, .stopped])) == 4)
        #expect(await noticed(Answers([.running, .running, nil, .terminated])) == 8)
    }

    @Test func oneThatRunsHasNot() async {
        let answers = Answers([.running])
        #expect(await noticed(answers) == nil)
        #expect(answers.asked.withLock { $0 } == 90, "the cloud is asked every two seconds")
        #expect(await noticed(Answers([.unknown])) == nil)
        #expect(await noticed(Answers([nil])) == nil)
    }

    /// As while a machine starts itself anew.
    @Test func onceIsNotEnough() async {
        #expect(await noticed(Answers([.running, .stopped, .running])) == nil)
    }

    /// A cloud that is behind still says of a machine that was started that it is stopped.
    @Test func oneThatWasNeverSeenToRunIsDoubted() async {
        #expect(await noticed(Answers([.stopped])) == 30)
        #expect(await noticed(Answers(Array(repeating: .stopped, count: 10) + [.running])) == nil)
    }
}
