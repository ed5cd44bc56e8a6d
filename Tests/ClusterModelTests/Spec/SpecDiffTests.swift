import ClusterModel
import Testing

@Suite struct SpecDiffTests {
    private func differences(_ old: String, _ new: String) throws -> [String] {
        SpecDiff.differences(old: try Specs.cluster(old), new: try Specs.cluster(new)).map(\.description)
    }

    @Test func sameSpecsDoNotDiffer() throws {
        #expect(try differences("", "").isEmpty)
        #expect(try differences("controlPlane: {count: 1}", "pools: [{name: nodes}]").isEmpty)
    }

    @Test func namesEveryField() throws {
        #expect(
            try differences(
                "kubernetesVersion: 1.20.2\npools: [{name: nodes, count: 1, labels: {a: b}}]",
                """
                kubernetesVersion: 1.20.3
                access: {api: [10.0.0.0/8]}
                pools: [{name: nodes, count: 3, labels: {a: c, d: e}, taints: [{key: x, value: y, effect: NoExecute}], update: {maxSurge: 10%}}]
                deletionProtection: true
                """) == [
                    "spec.kubernetesVersion: 1.20.2 -> 1.20.3", "spec.access.api: [] -> [10.0.0.0/8]", "spec.pools[nodes].count: 1 -> 3",
                    "spec.pools[nodes].labels[a]: b -> c", "spec.pools[nodes].taints: [] -> [x=y:NoExecute]",
                    "spec.pools[nodes].update.maxSurge: 1 -> 10%", "spec.deletionProtection: false -> true",
                    "spec.pools[nodes].labels[d]: e",
                ])
    }

    @Test func aPoolMoreOrLessIsOneDifference() throws {
        #expect(try differences("", "pools: [{name: nodes}, {name: gpu, count: 4}]") == ["spec.pools[gpu]: 4 machines of local.small"])
        #expect(
            try differences("", "pools: [{name: gpu}]") == [
                "spec.pools[nodes]: was 1 machine of local.small", "spec.pools[gpu]: 1 machine of local.small",
            ])
    }

    /// What create resolved and wrote down is not undone by a file that leaves it open.
    @Test func leavingTheChoiceIsNoDifference() throws {
        #expect(try differences("kubernetesVersion: 1.20.2", "").isEmpty)
        #expect(try differences("", "kubernetesVersion: 1.20.2") == ["spec.kubernetesVersion: 1.20.2"])
    }
}
