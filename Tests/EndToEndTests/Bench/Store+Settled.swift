extension Store {
    /// No node is cordoned, or has what a roll puts there.
    func expectNothingMarked(_ cluster: String) async throws {
        let marked = try await kubectl(
            cluster, "get", "nodes", "-o",
            "jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable} {.spec.taints[*].key} "
                + "{.metadata.annotations.slipway\\.dev/cordoned-by}{\"\\n\"}{end}"
        )
        try check(!marked.contains("true") && !marked.contains("slipway.dev/"), "nodes are marked:\n\(marked)")
    }

    /// Healthy, nothing marked, nothing more to do.
    func expectSettled(_ cluster: String) async throws {
        try await expectHealthy(cluster, wait: "2m")
        try await expectNothingMarked(cluster)
        let again = try await slipway("rolling-update", "cluster", cluster, "--yes").expect(0)
        try check((again.output + again.errors).contains("no changes"), "there is more to do:\(again.lastWords)")
    }
}
