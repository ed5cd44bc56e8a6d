import ClusterModel
import Foundation
import Testing

@testable import Planning

@Suite struct DrainTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func pod(_ name: String, kind: String? = "ReplicaSet", _ change: (inout PodObservation) -> Void = { _ in }) -> PodObservation {
        var pod = PodObservation(
            namespace: "shop", name: name, uid: "uid-\(name)", node: "n", phase: "Running", isReady: true, podIP: nil, labels: [:],
            controller: kind.map { .init(kind: $0, name: "owner") })
        change(&pod)
        return pod
    }

    private func drain(_ options: DrainOptions = DrainOptions(timeout: Seconds(60))) -> Drain { Drain(options: options, start: start) }

    @Test func everyPodIsToldToGoAtOnceAndTheDrainIsDoneWhenAllAreGone() {
        var drain = drain()
        let pods = [pod("a"), pod("b")]
        #expect(drain.next(pods: pods, now: start) == .evict(pods))
        for pod in pods { drain.answered(pod, .accepted, now: start) }
        #expect(drain.next(pods: pods, now: start + 1) == .wait, "none is asked twice")
        // The name lives on under another uid, on another node: that is another pod.
        #expect(drain.next(pods: [], now: start + 2) == .done)
    }

    @Test func whatStaysWithItsNodeIsLeft() {
        var drain = drain()
        let mirror = pod("mirror", kind: "Node") { $0.isMirror = true }
        let daemon = pod("daemon", kind: "DaemonSet") { $0.usesEmptyDir = true }
        #expect(drain.next(pods: [mirror, daemon], now: start) == .done)
    }

    @Test func whatWouldBeLostIsRefusedAndNamedUnlessAFlagAllowsIt() {
        let bare = pod("bare", kind: nil)
        let orphan = pod("orphan", kind: "DaemonSet")
        let scratch = pod("scratch") { $0.usesEmptyDir = true }
        var strict = drain()
        guard
            case .refuse(let refused) = strict.next(
                pods: [bare, orphan, scratch, pod("fine")], orphans: [orphan.uid], now: start)
        else {
            Issue.record("nothing was refused")
            return
        }
        #expect(refused.map(\.pod.name) == ["bare", "orphan", "scratch"])
        #expect(refused.map(\.flag) == ["--delete-unmanaged-pods", "--delete-unmanaged-pods", "--delete-emptydir-data"])
        var lenient = drain(DrainOptions(timeout: Seconds(60), deletesEmptyDirData: true, deletesUnmanagedPods: true))
        #expect(lenient.next(pods: [bare, orphan, scratch], orphans: [orphan.uid], now: start) == .evict([bare, orphan, scratch]))
    }

    @Test func aFinishedPodIsNoLoss() {
        var drain = drain()
        let job = pod("job", kind: nil) {
            $0.phase = "Succeeded"
            $0.usesEmptyDir = true
        }
        #expect(drain.next(pods: [job], now: start) == .evict([job]))
    }

    @Test func aBlockedPodIsAskedAgainAfterFiveSecondsUntilTheTimeIsOver() {
        var drain = drain()
        let pods = [pod("a")]
        for attempt in 0..<12 {
            let now = start + Double(attempt * 5)
            #expect(drain.next(pods: pods, now: now) == .evict(pods))
            drain.answered(pods[0], .blocked(reason: "budget"), now: now)
            #expect(drain.next(pods: pods, now: now + 4.9) == .wait)
        }
        #expect(drain.next(pods: pods, now: start + 60) == .giveUp([.init(pod: pods[0], reason: "budget")]))
    }

    @Test func aPodThatDoesNotEndIsNamedWithoutABudget() {
        var drain = drain()
        let pods = [pod("slow")]
        _ = drain.next(pods: pods, now: start)
        drain.answered(pods[0], .accepted, now: start)
        #expect(drain.next(pods: pods, now: start + 61) == .giveUp([.init(pod: pods[0], reason: nil)]))
    }

    @Test func whatCanNeverBeEvictedStopsTheDrainAtOnce() {
        var drain = drain()
        let pods = [pod("a"), pod("b")]
        drain.answered(pods[0], .impossible(reason: "two budgets"), now: start)
        #expect(drain.next(pods: pods, now: start) == .stop(pod: pods[0], reason: "two budgets"))
    }

    @Test func podsOfADeadKubeletAreGoneWhenTheirGraceIsOver() {
        var drain = drain()
        let pods = [pod("a") { $0.gracePeriod = Seconds(10) }]
        drain.answered(pods[0], .accepted, now: start)
        #expect(drain.next(pods: pods, nodeIsReady: false, now: start + 14) == .wait)
        #expect(drain.next(pods: pods, nodeIsReady: true, now: start + 16) == .wait)
        #expect(drain.next(pods: pods, nodeIsReady: false, now: start + 16) == .done)
    }

    @Test func aPodThatArrivesLateIsEvictedToo() {
        var drain = drain()
        let first = pod("a")
        _ = drain.next(pods: [first], now: start)
        drain.answered(first, .accepted, now: start)
        #expect(drain.next(pods: [first, pod("b")], now: start + 1) == .evict([pod("b")]))
    }
}
