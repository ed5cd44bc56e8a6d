import ClusterModel
import Foundation
import Glibc
import Synchronization
import Testing

@testable import StateStore

/// Another process that holds a lock by itself, as another Slipway would.
private final class Holder: Sendable {
    private let process: Mutex<Process>
    private let input: Pipe
    let pid: Int32

    init(_ folder: ClusterFolder) async throws {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        // -o: what is run under the lock does not hold it, too. It ends when this process closes the pipe.
        process.arguments = ["-o", folder.lock, "/bin/sh", "-c", "echo locked; cat"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        pid = process.processIdentifier
        self.input = input
        self.process = Mutex(process)
        let handle = output.fileHandleForReading
        let said = try await BlockingWork.run { handle.availableData }
        try #require(String(decoding: said, as: UTF8.self) == "locked\n")
    }

    /// SIGKILL, and waits until the kernel has reaped it.
    func killAndWait() async throws {
        kill(pid, SIGKILL)
        // Foundation sees the end of a process when the last of its children has ended, too.
        try input.fileHandleForWriting.close()
        try await BlockingWork.run { [self] in process.withLock { $0.waitUntilExit() } }
    }

    deinit { kill(pid, SIGKILL) }
}

private actor Counter {
    private var inside = 0
    private(set) var most = 0
    private(set) var entered = 0

    func enter() {
        inside += 1
        entered += 1
        most = max(most, inside)
    }

    func leave() { inside -= 1 }
}

@Suite struct LockTests {
    @Test func theLoserIsToldWhoHoldsIt() async throws {
        try await Fixture.with { fixture in
            let first = try await fixture.store.lock("demo", as: Sample.owner("create cluster demo"), timeout: .zero, waiting: { _ in })
            let error = try await expectError(.tryAgain) { _ = try await fixture.lock() }
            #expect(error.cause.contains("create cluster demo"))
            #expect(error.cause.contains(first.owner.id))
            #expect(error.cause.contains("\(first.owner.user)@\(first.owner.host)"))
            #expect(error.cause.contains("process \(getpid())"))
            #expect(error.cause.contains(StateCoding.text(of: first.owner.since)))
            #expect(error.hint?.contains("--lock-timeout") == true)
            #expect(error.retry == .transient)
            // Another cluster is another lock.
            await (try await fixture.lock("other")).release()
            await first.release()
            await (try await fixture.lock()).release()
        }
    }

    @Test func aKilledProcessFreesIt() async throws {
        try await Fixture.with { fixture in
            let holder = try await Holder(fixture.folder)
            var owner = Sample.owner("update cluster demo")
            owner.pid = holder.pid
            try fixture.write(try StateCoding.encode(owner), to: fixture.folder.owner)
            let error = try await expectError(.tryAgain) { _ = try await fixture.lock() }
            #expect(error.cause.contains("process \(holder.pid)") && error.cause.contains(owner.id))
            try await holder.killAndWait()
            let session = try await fixture.lock()
            let text = try #require(FileLock.readOwner(fixture.folder, FileSystem()))
            #expect(text.id == session.owner.id, "the dead one's text is overwritten")
            await session.release()
            #expect(!fixture.exists(fixture.folder.owner))
        }
    }

    @Test func aDeadProcessIsNeverNamedAsTheHolder() async throws {
        try await Fixture.with { fixture in
            let dead = try await Holder(ClusterFolder(path: "\(fixture.base)/elsewhere"))
            try await dead.killAndWait()
            let holder = try await Holder(fixture.folder)
            var owner = Sample.owner("update cluster demo")
            owner.pid = dead.pid
            try fixture.write(try StateCoding.encode(owner), to: fixture.folder.owner)
            let error = try await expectError(.tryAgain) { _ = try await fixture.lock() }
            #expect(error.cause.contains("does not say who it is"))
            try await holder.killAndWait()
        }
    }

    @Test func waitingEndsWithTheRelease() async throws {
        try await Fixture.with { fixture in
            try await StoreContract.waitingEndsWithTheRelease(fixture.store, try await fixture.lock())
        }
    }

    @Test func waitingEndsWithItsTime() async throws {
        try await Fixture.with { fixture in
            let first = try await fixture.lock()
            let start = ContinuousClock.now
            try await expectError(.tryAgain) { _ = try await fixture.lock(timeout: .milliseconds(500)) }
            #expect(ContinuousClock.now - start >= .milliseconds(400))
            await first.release()
        }
    }

    @Test func waitingCanBeCancelled() async throws {
        try await Fixture.with { fixture in
            try await StoreContract.waitingCanBeCancelled(fixture.store, try await fixture.lock())
        }
    }

    @Test func oneAtATimeAlsoWhileTheFolderComesAndGoes() async throws {
        try await Fixture.with { fixture in
            let counter = Counter()
            let store = fixture.store
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...12 {
                    group.addTask {
                        for _ in 1...3 {
                            try await store.withLock("demo", as: Sample.owner("race"), timeout: .seconds(120)) { _ in
                                await counter.enter()
                                await counter.leave()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(await counter.entered == 36)
            #expect(await counter.most == 1)
            #expect(!fixture.exists(fixture.folder.path))
        }
    }

    /// The lock's file is removed, with the empty folder that it is in, between its opening and its locking.
    @Test func aLockOnARemovedFileIsNoLock() async throws {
        let hook = Hook()
        try await Fixture.with(files: hook.files) { fixture in
            let folder = fixture.folder
            let other = Shared<FileLock?>(nil)
            let times = Shared(0)
            hook.set { act, _ in
                guard act == .lock,
                    times.change({
                        $0 += 1; return $0
                    }) == 1
                else { return }
                try FileManager.default.removeItem(atPath: folder.path)
                let lock = try FileLock.attempt(folder, as: Sample.owner("other"), FileSystem())
                other.change { $0 = lock }
            }
            let error = try await expectError(.tryAgain) { _ = try await fixture.lock() }
            #expect(error.cause.contains("'other'"))
            #expect(times.value >= 2)
            try #require(other.value).unlock()
            await (try await fixture.lock()).release()
        }
    }

    @Test func childrenInheritNothing() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let log = try await session.runLog("r1")
            var found: Set<String> = []
            for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
                guard let number = Int32(name),
                    let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)"),
                    path.hasPrefix(fixture.folder.path)
                else { continue }
                found.insert(String(path.dropFirst(fixture.folder.path.count + 1)))
                #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0, "\(path)")
            }
            #expect(found.contains("lock"))
            #expect(found.contains { $0.hasPrefix("journal.jsonl") })
            #expect(found.contains("runs/r1.jsonl"))
            _ = await log.close()
            await session.release()
        }
    }

    @Test func aFailingBodyReleases() async throws {
        try await Fixture.with { fixture in
            try await expectError(.failed) {
                try await fixture.store.withLock("demo", as: Sample.owner("x")) { _ in throw FailureTests.full }
            }
            await (try await fixture.lock()).release()
        }
    }

    @Test func breakingNeedsTheIdAndADeadHolder() async throws {
        try await Fixture.with { fixture in
            try await expectError(.notFound) { try await fixture.store.breakLock("demo", id: "x") }
            let session = try await fixture.lock()
            let wrong = try await expectError(.refused) { try await fixture.store.breakLock("demo", id: "x") }
            #expect(wrong.cause.contains(session.owner.id))
            let alive = try await expectError(.refused) { try await fixture.store.breakLock("demo", id: session.owner.id) }
            #expect(alive.cause.contains("alive"))
            await session.release()
            let holder = try await Holder(fixture.folder)
            try await holder.killAndWait()
            var owner = Sample.owner("update cluster demo")
            owner.pid = holder.pid
            try fixture.write(try StateCoding.encode(owner), to: fixture.folder.owner)
            try await fixture.store.breakLock("demo", id: owner.id)
            #expect(!fixture.exists(fixture.folder.owner))
            await (try await fixture.lock()).release()
        }
    }

    @Test(arguments: ["", ".", "..", "a/b", ".hidden", "a b", "é", "a\0b"])
    func namesThatAreNoFileNamesAreRefused(name: String) async throws {
        try await Fixture.with { fixture in
            try await expectError(.usage) { _ = try await fixture.store.readState(name) }
            try await expectError(.usage) { _ = try await fixture.lock(name) }
            #expect(!fixture.exists(fixture.root))
        }
    }
}
