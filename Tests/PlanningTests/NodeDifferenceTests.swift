import ClusterModel
import TestSupport
import Testing

@testable import Planning

/// What left the spec makes a node differ; what others put on it does not.
@Suite struct NodeDifferenceTests {
    private let wanted = NodeDesign(podCIDR: Fixtures.cidr("10.244.3.0/24"), labels: ["a": "1"], taints: [])

    private func node(labels: [String: String] = ["a": "1"], taints: [Taint] = [], noted: NodeDesign? = nil) -> NodeObservation {
        NodeObservation(
            name: "n", podCIDR: "10.244.3.0/24", labels: labels, annotations: noted?.annotations ?? [:], taints: taints,
            conditions: [.init(type: "Ready", status: "True")])
    }

    @Test func aLabelThatSlipwayPutThere() {
        let before = NodeDesign(podCIDR: wanted.podCIDR, labels: ["a": "1", "old": "x"], taints: [])
        let difference = NodeDifference.first(wanted, node(labels: ["a": "1", "old": "x"], noted: before), providerID: nil)
        #expect(difference == Reason("label old", old: "x", new: "none"))
        #expect(NodeDifference.first(wanted, node(labels: ["a": "1", "old": "x"], noted: wanted), providerID: nil) == nil)
        #expect(NodeDifference.first(wanted, node(noted: before), providerID: nil) == nil, "somebody took it off already")
    }

    @Test func aTaintThatSlipwayPutThere() {
        let taint = Taint(key: "dedicated", value: "gpu", effect: .noSchedule)
        let before = NodeDesign(podCIDR: wanted.podCIDR, labels: ["a": "1"], taints: [taint])
        #expect(
            NodeDifference.first(wanted, node(taints: [taint], noted: before), providerID: nil)
                == Reason("taint dedicated", old: "NoSchedule", new: "none"))
        #expect(NodeDifference.first(wanted, node(taints: [taint], noted: wanted), providerID: nil) == nil)
    }
}
