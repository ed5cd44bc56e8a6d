import ClusterModel
import TestSupport
import Testing

@testable import Engine

@Suite struct ScheduleTests {
    @Test func startsWhatDependsOnNothingAndThenWhatFollows() throws {
        var schedule = try Schedule(
            Plans.plan([Plans.step("a"), Plans.step("b"), Plans.step("c", after: ["a", "b"])]), limits: .standard)
        #expect(schedule.next().map(\.address.name) == ["a", "b"])
        #expect(schedule.next().isEmpty)
        schedule.finish(Plans.id("a"), .done)
        #expect(schedule.next().isEmpty)
        schedule.finish(Plans.id("b"), .done)
        #expect(schedule.next().map(\.address.name) == ["c"])
        #expect(!schedule.isFinished)
        schedule.finish(Plans.id("c"), .done)
        #expect(schedule.isFinished)
    }

    @Test func aFailureLeavesOutWhatDependsOnItAndNothingElse() throws {
        var schedule = try Schedule(
            Plans.plan([Plans.step("a"), Plans.step("b", after: ["a"]), Plans.step("c", after: ["b"]), Plans.step("d")]),
            limits: EngineLimits(parallelism: 1))
        #expect(schedule.next().map(\.address.name) == ["a"])
        #expect(schedule.finish(Plans.id("a"), .failed).map(\.address.name).sorted() == ["b", "c"])
        #expect(schedule.next().map(\.address.name) == ["d"])
    }

    @Test func tokensAreGrantedAsTheyComeFree() throws {
        let token = Token.surge(pool: "nodes")
        var schedule = try Schedule(
            Plans.plan(
                [Plans.step("a", tokens: [token]), Plans.step("b", tokens: [token]), Plans.step("c", tokens: [token]), Plans.step("d")],
                tokens: [TokenGrant(token, count: 2)]), limits: .standard)
        #expect(schedule.next().map(\.address.name) == ["a", "b", "d"])
        schedule.finish(Plans.id("b"), .done)
        #expect(schedule.next().map(\.address.name) == ["c"])
    }

    @Test func anInterruptionStartsNothingNew() throws {
        var schedule = try Schedule(Plans.plan([Plans.step("a"), Plans.step("b", after: ["a"])]), limits: .standard)
        _ = schedule.next()
        #expect(schedule.interrupt().map(\.address.name) == ["b"])
        schedule.finish(Plans.id("a"), .done)
        #expect(schedule.next().isEmpty)
        #expect(schedule.isFinished)
    }

    @Test func refusesPlansThatCanNeverFinish() {
        let token = Token.etcdMembership
        for steps in [
            [Plans.step("a"), Plans.step("a")],
            [Plans.step("a", after: ["nowhere"])],
            [Plans.step("a", after: ["b"]), Plans.step("b", after: ["a"])],
            [Plans.step("a", tokens: [token])],
        ] {
            #expect(throws: SlipwayError.self) { try Schedule(Plans.plan(steps), limits: .standard) }
        }
    }

    /// Any plan, any order of endings, failures at random: no step before its time, never more than the tokens and
    /// limits allow, and everything ends.
    @Test(arguments: 0..<200) func everyLegalScheduleKeepsOrderAndBudgets(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let kinds: [Action.Kind] = [.cloud, .machine, .cluster, .etcd]
        let tokens: [Token] = [.surge(pool: "a"), .unavailable(pool: "a"), .etcdMembership]
        let grants = tokens.map { TokenGrant($0, count: Int.random(in: 1...3, using: &generator)) }
        var steps: [Step] = []
        for index in 0..<Int.random(in: 1...40, using: &generator) {
            var step = Plans.step(
                "s\(index)", tokens: tokens.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 },
                kind: kinds.randomElement(using: &generator) ?? .machine)
            step.after = steps.filter { _ in Int.random(in: 0..<6, using: &generator) == 0 }.map(\.id)
            steps.append(step)
        }
        let limits = EngineLimits(byKind: Dictionary(uniqueKeysWithValues: kinds.map { ($0, Int.random(in: 1...4, using: &generator)) }))
        var schedule = try Schedule(Plans.plan(steps, tokens: grants), limits: limits)
        var running: [Step] = []
        var done: Set<String> = []
        var interrupted = false
        while true {
            let started = schedule.next()
            #expect(!interrupted || started.isEmpty)
            running += started
            for step in started { #expect(step.after.allSatisfy(done.contains), "\(step.id) started before its time") }
            for grant in grants { #expect(running.count { $0.tokens.contains(grant.token) } <= grant.count) }
            for kind in kinds { #expect(running.count { $0.action.kind == kind } <= limits.limit(of: kind)) }
            guard !running.isEmpty else { break }
            let ended = running.remove(at: Int.random(in: running.indices, using: &generator))
            let result: Schedule.Result = Int.random(in: 0..<12, using: &generator) == 0 ? .failed : .done
            if result == .done { done.insert(ended.id) }
            schedule.finish(ended.id, result)
            if Int.random(in: 0..<40, using: &generator) == 0 {
                schedule.interrupt()
                interrupted = true
            }
        }
        #expect(schedule.isFinished)
        #expect(schedule.steps(.done).count + schedule.steps(.failed).count + schedule.steps(.skipped).count == steps.count)
    }
}

/// Tokens that are kept from one step to a later one.
@Suite struct KeptTokenTests {
    private let token = Token.surge(pool: "nodes")

    private func pair(_ name: String) -> [Step] {
        var begin = Plans.step("\(name)-begin")
        begin.takes = [token]
        var end = Plans.step("\(name)-end", after: ["\(name)-begin"])
        end.gives = [token]
        return [begin, end]
    }

    private func schedule(_ count: Int) throws -> Schedule {
        try Schedule(
            Plans.plan(pair("a") + pair("b") + pair("c"), tokens: [TokenGrant(token, count: count)]), limits: .standard)
    }

    @Test func theNextBeginsWhenAnotherHasEnded() throws {
        var schedule = try schedule(1)
        #expect(schedule.next().map(\.address.name) == ["a-begin"])
        schedule.finish(Plans.id("a-begin"), .done)
        #expect(schedule.next().map(\.address.name) == ["a-end"], "the token is kept beyond the first step")
        schedule.finish(Plans.id("a-end"), .done)
        #expect(schedule.next().map(\.address.name) == ["b-begin"])
    }

    @Test func afterAFailureNothingIsBegunAndWhatRunsIsFinished() throws {
        var schedule = try schedule(2)
        #expect(schedule.next().map(\.address.name) == ["a-begin", "b-begin"])
        let skipped = schedule.finish(Plans.id("a-begin"), .failed).map(\.address.name)
        #expect(Set(skipped) == ["a-end", "c-begin", "c-end"])
        schedule.finish(Plans.id("b-begin"), .done)
        #expect(schedule.next().map(\.address.name) == ["b-end"])
        schedule.finish(Plans.id("b-end"), .done)
        #expect(schedule.next().isEmpty && schedule.isFinished)
    }
}

@Suite struct LowestFirstTests {
    @Test(arguments: 0..<20) func givesTheLowestFirst(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let numbers = (0..<Int.random(in: 0...60, using: &generator)).map { _ in Int.random(in: 0..<40, using: &generator) }
        var queue = LowestFirst()
        for number in numbers { queue.insert(number) }
        var given: [Int] = []
        while let number = queue.popFirst() { given.append(number) }
        #expect(given == numbers.sorted())
        #expect(queue.first == nil)
    }

    /// As many machines in work as the pools may have, unless a person said how many.
    @Test(arguments: [(nil, 3, 16), (nil, 100, 100), (nil, 1_000, 256), (4, 100, 4)] as [(Int?, Int, Int)])
    func parallelismFollowsTheSurge(_ asked: Int?, _ surge: Int, _ limit: Int) {
        let plan = Plans.plan([Plans.step("a")], tokens: [TokenGrant(.surge(pool: "nodes"), count: surge)])
        #expect(EngineLimits(parallelism: asked, plan: plan).limit(of: .machine) == limit)
        #expect(EngineLimits(parallelism: asked, plan: plan).limit(of: .etcd) == 1)
    }
}
