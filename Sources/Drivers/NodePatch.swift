import ClusterModel

/// Strategic merge patches that bring a node to its design. Nil when there is nothing to change.
enum NodePatch {
    static func design(_ design: NodeDesign, on node: NodeObservation) -> JSONValue? {
        var metadata: [String: JSONValue] = [:]
        var spec: [String: JSONValue] = [:]
        var labels = design.labels.filter { node.labels[$0.key] != $0.value }.mapValues { JSONValue.string($0) }
        for label in design.leftLabels(on: node) { labels[label] = .null }
        if !labels.isEmpty { metadata["labels"] = .object(labels) }
        let annotations = design.annotations.filter { node.annotations[$0.key] != $0.value }
        if !annotations.isEmpty { metadata["annotations"] = .object(annotations.mapValues { .string($0) }) }
        if node.podCIDR == nil {
            spec["podCIDR"] = .string("\(design.podCIDR)")
            spec["podCIDRs"] = [.string("\(design.podCIDR)")]
        }
        let missing = design.taints.filter { !node.taints.contains($0) }
        let left = design.leftTaints(on: node)
        if !missing.isEmpty || !left.isEmpty { spec["taints"] = taints(node.taints.filter { !left.contains($0) } + missing) }
        return patch(node, metadata: metadata, spec: spec)
    }

    /// For pods to come: without the startup taint, and without what a roll that was cut off may have left.
    static func open(_ node: NodeObservation) -> JSONValue? { freed(node, of: [NodeDesign.startupTaint, NodeDesign.leavingTaint]) }

    static func leaving(_ node: NodeObservation) -> JSONValue? {
        guard !node.taints.contains(NodeDesign.leavingTaint) else { return nil }
        return patch(node, metadata: [:], spec: ["taints": taints(node.taints + [NodeDesign.leavingTaint])])
    }

    /// Nil for a node that takes no pods anyway: whoever cordoned it takes that back.
    static func cordoned(_ node: NodeObservation, run: String) -> JSONValue? {
        guard !node.unschedulable else { return nil }
        return patch(
            node, metadata: ["annotations": .object([NodeDesign.cordonAnnotation: .string(run)])], spec: ["unschedulable": true])
    }

    /// Takes back what a roll did, and nothing else.
    static func released(_ node: NodeObservation) -> JSONValue? { freed(node, of: [NodeDesign.leavingTaint]) }

    /// Takes Slipway's own cordon and these taints off.
    private static func freed(_ node: NodeObservation, of unwanted: [Taint]) -> JSONValue? {
        var metadata: [String: JSONValue] = [:]
        var spec: [String: JSONValue] = [:]
        if node.annotations[NodeDesign.cordonAnnotation] != nil {
            metadata["annotations"] = .object([NodeDesign.cordonAnnotation: .null])
            spec["unschedulable"] = false
        }
        let left = node.taints.filter { !unwanted.contains($0) }
        if left.count < node.taints.count { spec["taints"] = taints(left) }
        return patch(node, metadata: metadata, spec: spec)
    }

    private static func patch(_ node: NodeObservation, metadata: [String: JSONValue], spec: [String: JSONValue]) -> JSONValue? {
        guard !metadata.isEmpty || !spec.isEmpty else { return nil }
        var metadata = metadata
        // A list of taints is replaced whole: only on top of exactly what was read.
        if let version = node.resourceVersion { metadata["resourceVersion"] = .string(version) }
        var object: [String: JSONValue] = ["metadata": .object(metadata)]
        if !spec.isEmpty { object["spec"] = .object(spec) }
        return .object(object)
    }

    private static func taints(_ taints: [Taint]) -> JSONValue {
        .array(
            taints.map { taint in
                var object: [String: JSONValue] = ["key": .string(taint.key), "effect": .string(taint.effect.rawValue)]
                if let value = taint.value { object["value"] = .string(value) }
                return .object(object)
            })
    }
}
