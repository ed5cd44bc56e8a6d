import ClusterModel
import Foundation
import SimulatedCloud
import Testing

@Suite struct VirtualTimeTests {
    @Test func tasksSideBySideSleepAtTheSameTime() async throws {
        let time = VirtualTime()
        let start = time.now
        let order = try await time.run {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in (1...100).reversed() {
                    group.addTask {
                        for _ in 1...3 { try await time.context.sleep(.seconds(number)) }
                        return number
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
        }
        #expect(time.now.timeIntervalSince(start) == 300, "as long as the longest")
        #expect(order == Array(1...100))
    }

    @Test func anActorIsOnItToo() async throws {
        actor Counter {
            var moments: [Double] = []
            func wait(_ seconds: Int, _ context: RunContext, since start: Date) async throws {
                try await context.sleep(.seconds(seconds))
                moments.append(context.now().timeIntervalSince(start))
            }
        }
        let time = VirtualTime()
        let counter = Counter()
        let start = time.now
        try await time.run {
            async let first: Void = counter.wait(3, time.context, since: start)
            async let second: Void = counter.wait(1, time.context, since: start)
            async let third: Void = counter.wait(2, time.context, since: start)
            _ = try await (first, second, third)
        }
        #expect(await counter.moments == [1, 2, 3])
    }

    @Test func whoIsCancelledWakesUpAtOnce() async throws {
        let time = VirtualTime()
        let start = time.now
        await time.run {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do {
                        try await time.context.sleep(.seconds(1000))
                        return false
                    } catch { return error is CancellationError }
                }
                group.addTask { (try? await time.context.sleep(.seconds(1))) != nil }
                #expect(await group.next() == true)
                group.cancelAll()
                #expect(await group.next() == true)
            }
        }
        #expect(time.now.timeIntervalSince(start) == 1)
    }
}
