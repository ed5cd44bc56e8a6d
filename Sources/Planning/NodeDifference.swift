import ClusterModel

/// The first thing about a node that is not as designed.
enum NodeDifference {
    static func first(_ wanted: NodeDesign, _ node: NodeObservation, providerID: String?) -> Reason? {
        if let providerID, node.providerID != providerID {
            return Reason("spec.providerID", old: node.providerID ?? "none", new: providerID)
        }
        if node.podCIDR != "\(wanted.podCIDR)" {
            return Reason("spec.podCIDR", old: node.podCIDR ?? "none", new: "\(wanted.podCIDR)")
        }
        for (key, value) in wanted.labels.sorted(by: { $0.key < $1.key }) where node.labels[key] != value {
            return Reason("label \(key)", old: node.labels[key] ?? "none", new: value)
        }
        for taint in wanted.taints where !node.taints.contains(taint) {
            return Reason("taint \(taint.key)", old: "none", new: taint.effect.rawValue)
        }
        if let label = wanted.leftLabels(on: node).min() { return Reason("label \(label)", old: node.labels[label], new: "none") }
        if let taint = wanted.leftTaints(on: node).first { return Reason("taint \(taint.key)", old: taint.effect.rawValue, new: "none") }
        if node.taints.contains(NodeDesign.startupTaint) {
            return Reason("taint \(NodeDesign.startupTaint.key)", old: NodeDesign.startupTaint.effect.rawValue, new: "none")
        }
        if !node.isReady {
            return Reason("condition Ready", old: node.status(of: "Ready") ?? "none", new: "True")
        }
        return nil
    }
}
