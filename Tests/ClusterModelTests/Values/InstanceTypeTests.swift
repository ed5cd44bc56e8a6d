import Testing

@testable import ClusterModel

@Suite struct InstanceTypeTests {
    @Test func theListIsOfTwoProcessorsAndMoreAndMoreMemory() {
        #expect(InstanceType.local.map(\.name) == ["local.small", "local.medium", "local.large"])
        #expect(InstanceType.local.map(\.resources.memoryQuantity) == ["2Gi", "4Gi", "8Gi"])
        #expect(InstanceType.local.allSatisfy { $0.cpus == 2 })
        #expect(SpecDefaults.instanceType(.local) == "local.small")
        // What AWS has, only AWS knows.
        for provider in CloudProvider.allCases where provider != .aws {
            #expect(InstanceType.known(provider).map(\.name).contains(SpecDefaults.instanceType(provider)))
        }
    }

    @Test func everyTypeLeavesSomethingToPods() {
        for type in CloudProvider.allCases.flatMap({ InstanceType.known($0) }) {
            for role in [MachineRole.controlPlane, .worker] {
                let left = type.allocatable(role)
                #expect(left.milliCPUs > 0 && left.memory > 0)
                // Kubelet adds the threshold by itself.
                #expect(type.resources - NodeReservation.told(role) - NodeReservation.evictionThreshold == left)
            }
        }
        #expect(InstanceType.local[0].allocatable(.worker) == ComputeResources(milliCPUs: 1900, memoryMiB: 1664))
        #expect(InstanceType.local[1].allocatable(.controlPlane) == ComputeResources(milliCPUs: 1500, memoryMiB: 3072))
    }

    @Test(arguments: [
        (ComputeResources(milliCPUs: 2000, memoryMiB: 2048), "2", "2Gi", "2 CPUs and 2 GiB of memory"),
        (ComputeResources(milliCPUs: 1900, memoryMiB: 1664), "1900m", "1664Mi", "1900m of a CPU and 1.6 GiB of memory"),
        (ComputeResources(milliCPUs: 1000, memory: 24_684_084 << 10), "1", "24684084Ki", "1 CPU and 23.5 GiB of memory"),
        (ComputeResources(milliCPUs: 0, memory: 1025), "0", "1025", "0 CPUs and 0.0 GiB of memory"),
    ]) func quantitiesAndWords(_ resources: ComputeResources, _ cpu: String, _ memory: String, _ words: String) {
        #expect(resources.cpuQuantity == cpu && resources.memoryQuantity == memory && resources.words == words, "\(resources.words)")
    }
}
