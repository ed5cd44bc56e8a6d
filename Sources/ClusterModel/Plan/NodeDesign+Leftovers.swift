extension NodeDesign {
    /// What is noted on a node of this design.
    public var annotations: [String: String] {
        [
            Self.labelsAnnotation: labels.keys.sorted().joined(separator: ","),
            Self.taintsAnnotation: taints.map(\.description).sorted().joined(separator: ","),
        ]
    }

    /// Labels that Slipway put on the node and that the design no longer has.
    public func leftLabels(on node: NodeObservation) -> [String] {
        noted(Self.labelsAnnotation, on: node).filter { labels[$0] == nil && node.labels[$0] != nil }
    }

    /// Taints that Slipway put on the node and that the design no longer has.
    public func leftTaints(on node: NodeObservation) -> [Taint] {
        let noted = Set(noted(Self.taintsAnnotation, on: node))
        return node.taints.filter { noted.contains($0.description) && !taints.contains($0) }
    }

    private func noted(_ annotation: String, on node: NodeObservation) -> [String] {
        (node.annotations[annotation] ?? "").split(separator: ",").map(String.init)
    }
}
