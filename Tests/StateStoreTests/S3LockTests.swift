import AWSAPI
import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import StateStore

@Suite struct S3LockTests {
    /// A bucket on the fixture's own clock.
    private func with<Result>(tellsTime: Bool = true, _ body: (S3Fixture, MemoryObjects) async throws -> Result) async throws -> Result {
        let clock = Shared<ManualClock?>(nil)
        let objects = MemoryObjects(tellsTime: tellsTime) { clock.value?.date ?? Date(timeIntervalSince1970: 0) }
        return try await S3Fixture.with(objects: objects) { fixture in
            clock.change { $0 = fixture.clock }
            return try await body(fixture, objects)
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func theLoserIsToldWhoHoldsIt(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let owner = Sample.owner("create cluster demo")
            let first = try await fixture.store.lock("demo", as: owner, timeout: .zero, waiting: { _ in })
            let error = try await expectError(.tryAgain) { _ = try await fixture.lock() }
            for part in ["create cluster demo", owner.id, owner.who, "process \(getpid())", StateCoding.text(of: owner.since)] {
                #expect(error.cause.contains(part))
            }
            #expect(error.hint?.contains("--lock-timeout") == true && error.hint?.contains("ends in") == true)
            // Another cluster is another lock.
            await (try await fixture.lock("other")).release()
            await first.release()
            await (try await fixture.lock()).release()
        }
    }

    @Test func aLockEndsByItselfAndNotBefore() async throws {
        try await with { fixture, _ in
            let first = try await fixture.lock()
            try await first.create(try Sample.state())
            for _ in 0..<3 {
                fixture.clock.advance(.seconds(80))
                try await first.lease.renew()
                try await expectError(.tryAgain) { _ = try await fixture.lock() }
            }
            // The holder counts from before its renewal, the others a tenth and two seconds more.
            fixture.clock.advance(.seconds(90 + 9))
            try await expectError(.tryAgain) { _ = try await fixture.lock() }
            fixture.clock.advance(.seconds(4))
            let second = try await fixture.lock()
            #expect(await second.state != nil)
            await second.release()
        }
    }

    @Test func aLockEndsAlsoWhereTheServiceDoesNotSayTheTime() async throws {
        try await with(tellsTime: false) { fixture, _ in
            let first = try await fixture.lock()
            let told = Shared(false)
            async let second = fixture.store.lock("demo", as: Sample.owner("second"), timeout: .seconds(3600)) { _ in
                told.change { $0 = true }
            }
            while !told.value { try await Task.sleep(for: .milliseconds(5)) }
            fixture.clock.advance(.seconds(102))
            let session = try await second
            try await expectError(.tryAgain) { try await first.ensureHeld(for: .seconds(30)) }
            await session.release()
        }
    }

    /// The heart of it: a process stands still until its lock has ended and another one has worked.
    @Test func whoLostTheLockChangesNothingMore() async throws {
        try await with { fixture, objects in
            let first = try await fixture.lock()
            try await first.create(try Sample.state())
            try await first.record(.machineIntended(try Sample.machine(1)))
            try await first.ensureHeld(for: .seconds(30))
            fixture.clock.advance(.seconds(103))
            let second = try await fixture.lock()
            try await second.record(.machineIntended(try Sample.machine(2)))
            let before = objects.keys.map { ($0, objects.bytes($0)) }
            let error = try await expectError(.tryAgain) { try await first.ensureHeld(for: .seconds(30)) }
            #expect(error.cause.contains("went to") && error.cause.contains(second.owner.id))
            try await expectError(.tryAgain) { try await first.record(.machineIntended(try Sample.machine(3))) }
            try await expectError(.tryAgain) { try await first.checkpoint() }
            try await expectError(.tryAgain) { _ = try await first.saveSecrets(["a": SecretsTests.secret]) }
            try await expectError(.tryAgain) { try await first.remove() }
            await first.release()
            #expect(objects.keys.map { ($0, objects.bytes($0)) }.elementsEqual(before) { $0.0 == $1.0 && $0.1 == $1.1 })
            try await second.record(.machineIntended(try Sample.machine(4)))
            await second.release()
            #expect(try await fixture.store.readState("demo")?.machines.count == 3)
        }
    }

    /// It wakes in the middle of writing: its segment arrives after the other one has taken the lock.
    @Test func aSegmentThatComesTooLateIsNotBelieved() async throws {
        try await with { fixture, objects in
            let first = try await fixture.lock()
            try await first.create(try Sample.state())
            let second = Shared<S3StateSession?>(nil)
            objects.before { act, key in
                guard act == .put, key.contains("/journal/"), second.value == nil else { return }
                fixture.clock.advance(.seconds(103))
                second.change { $0 = nil }
                objects.before { _, _ in }
                let session = try await fixture.lock()
                second.change { $0 = session }
            }
            try await expectError(.tryAgain) { try await first.record(.machineIntended(try Sample.machine(1))) }
            let session = try #require(second.value)
            // What it wrote is in the journal, where the other one did not see it: that one finds out, too.
            let error = try await expectError(.tryAgain) { try await session.record(.machineIntended(try Sample.machine(2))) }
            #expect(error.cause.contains("another process wrote"))
            await session.release()
            let third = try await fixture.lock()
            #expect(await third.state?.machines.keys.sorted() == ["demo-nodes-a-1"], "an intent without its act")
            await third.release()
        }
    }

    /// A laptop that slept, and nobody took the lock.
    @Test func aLockThatNobodyTookGoesOn() async throws {
        try await with { fixture, _ in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            fixture.clock.advance(.seconds(3600))
            try await session.ensureHeld(for: .seconds(30))
            try await session.record(.deleting)
            await session.release()
        }
    }

    @Test func withoutAnAnswerTheLockEndsInTime() async throws {
        try await with { fixture, objects in
            let session = try await fixture.lock()
            objects.before { _, _ in throw MemoryObjects.Fault.lostRequest }
            fixture.clock.advance(.seconds(59))
            try await session.ensureHeld(for: .seconds(30))
            try await session.ensureHeld(for: .seconds(31))
            fixture.clock.advance(.seconds(2))
            let error = try await expectError(.tryAgain) { try await session.ensureHeld(for: .seconds(30)) }
            #expect(error.cause.contains("could not be renewed") && error.retry == .permanent)
            objects.before { _, _ in }
            // Once it is said to be lost it stays so.
            try await expectError(.tryAgain) { try await session.ensureHeld(for: .zero) }
            // A call longer than the lease is begun with half of it.
            let other = try await fixture.lock("other")
            fixture.clock.advance(.seconds(44))
            objects.before { _, _ in throw MemoryObjects.Fault.lostRequest }
            try await other.ensureHeld(for: .seconds(600))
            fixture.clock.advance(.seconds(2))
            try await expectError(.tryAgain) { try await other.ensureHeld(for: .seconds(600)) }
        }
    }

    @Test func anAnswerThatWasLostDoesNotLoseTheLock() async throws {
        try await with { fixture, objects in
            let session = try await fixture.lock()
            let faults = Shared(1)
            objects.before { act, _ in
                guard act == .put,
                    faults.change({
                        let left = $0; $0 = 0; return left
                    }) > 0
                else { return }
                throw MemoryObjects.Fault.lostAnswer
            }
            try await expectError(.unreachable) { try await session.lease.renew() }
            try await session.lease.renew()
            try await session.lease.verify()
            fixture.clock.advance(.seconds(60))
            try await session.lease.renew()
            fixture.clock.advance(.seconds(60))
            try await session.ensureHeld(for: .seconds(30))
            await session.release()
            await (try await fixture.lock()).release()
        }
    }

    @Test func aDeadProcessOfThisMachineIsNotWaitedFor() async throws {
        try await with { fixture, objects in
            let session = try await fixture.lock()
            await session.abandon()
            let current = try #require(ProcessIdentity.current)
            #expect(!current.isDead)
            var document = try LockDocument(try #require(objects.bytes(fixture.keys.lock)), cluster: "demo", key: "")
            #expect(document.process == current)
            // Another process with the number of this one, which was started before.
            document.process?.started -= 1
            #expect(document.process?.isDead == true)
            // On another machine, or before a reboot, nobody knows.
            document.process?.machine = "elsewhere"
            #expect(document.process?.isDead == false)
            objects.set(fixture.keys.lock, try document.bytes())
            try await expectError(.tryAgain) { _ = try await fixture.lock() }
            document.process?.machine = current.machine
            objects.set(fixture.keys.lock, try document.bytes())
            await (try await fixture.lock()).release()
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func waitingEndsWithTheRelease(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            try await StoreContract.waitingEndsWithTheRelease(fixture.store, try await fixture.lock())
        }
    }

    @Test func waitingCanBeCancelled() async throws {
        try await with { fixture, _ in
            try await StoreContract.waitingCanBeCancelled(fixture.store, try await fixture.lock())
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func oneAtATime(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let inside = Shared((now: 0, most: 0, entered: 0))
            let store = fixture.store
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...8 {
                    group.addTask {
                        for _ in 1...2 {
                            try await store.withLock("demo", as: Sample.owner("race"), timeout: .seconds(120)) { _ in
                                inside.change {
                                    $0.now += 1
                                    $0.entered += 1
                                    $0.most = max($0.most, $0.now)
                                }
                                await Task.yield()
                                inside.change { $0.now -= 1 }
                            }
                        }
                    }
                }
                // The fixture's clock stands still, and whoever waits counts on it.
                try await group.waitForAll()
            }
            #expect(inside.value.entered == 16 && inside.value.most == 1)
        }
    }

    @Test func breakingNeedsTheIdAndTheHolderFindsOut() async throws {
        try await with { fixture, _ in
            try await expectError(.notFound) { try await fixture.store.breakLock("demo", id: "x") }
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let wrong = try await expectError(.refused) { try await fixture.store.breakLock("demo", id: "x") }
            #expect(wrong.cause.contains(session.owner.id))
            fixture.clock.advance(.seconds(30))
            let broken = try await fixture.store.breakLock("demo", id: session.owner.id)
            #expect(broken.holder.id == session.owner.id)
            #expect(broken.mayActFor.map { (.seconds(65)...(.seconds(75))).contains($0) } == true, "\(broken)")
            let error = try await expectError(.tryAgain) { try await session.record(.deleting) }
            #expect(error.cause.contains("removed by 'slipway unlock'"))
            try await expectError(.notFound) { try await fixture.store.breakLock("demo", id: session.owner.id) }
            await (try await fixture.lock()).release()
        }
    }

    @Test func aLockOfANewerVersionIsRefused() async throws {
        try await with { fixture, objects in
            objects.set(fixture.keys.lock, Array(#"{"formatVersion":2}"#.utf8))
            let error = try await expectError(.refused) { _ = try await fixture.lock() }
            #expect(error.cause.contains("format version is 2"))
            objects.set(fixture.keys.lock, Array("x".utf8))
            try await expectError(.refused) { _ = try await fixture.lock() }
            #expect(objects.bytes(fixture.keys.lock) == Array("x".utf8))
        }
    }
}
