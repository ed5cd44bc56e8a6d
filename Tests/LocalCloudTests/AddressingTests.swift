import ClusterModel
import Testing

@testable import LocalCloud

@Suite struct AddressingTests {
    @Test func rangeIsDivided() throws {
        let plan = try AddressPlan(cidr("100.96.8.0/24"))
        #expect(plan.router.description == "100.96.8.1")
        #expect(plan.api.description == "100.96.8.2")
        #expect(plan.host.description == "100.96.8.254")
    }

    @Test func machinesGetTheLowestFreeAddressFromTheEleventhUpward() throws {
        let plan = try AddressPlan(cidr("10.9.0.32/27"))
        var taken: Set<IPv4Address> = []
        for offset in 11..<30 {
            let address = try plan.machineAddress(taken: taken)
            #expect(address == plan.cidr.address(at: offset))
            taken.insert(address)
        }
        let error = #expect(throws: SlipwayError.self) { try plan.machineAddress(taken: taken) }
        #expect(error?.code == .refused)
        let middle = try #require(plan.cidr.address(at: 17))
        #expect(try plan.machineAddress(taken: taken.subtracting([middle])) == middle)
    }

    @Test func smallRangeIsRefused() throws {
        let error = #expect(throws: SlipwayError.self) { try AddressPlan(cidr("10.9.0.0/28")) }
        #expect(error?.code == .refused)
        #expect(error?.cause.contains("/27") == true)
    }

    @Test func firstFreeRangeIsChosen() throws {
        #expect(try RangeChoice.choose(used: []).description == "100.96.8.0/24")
        let used = [
            UsedRange(cidr: try cidr("100.96.8.0/24"), by: "cluster a"), UsedRange(cidr: try cidr("100.96.9.128/25"), by: "a route"),
            UsedRange(cidr: try cidr("10.0.0.0/8"), by: "a route"),
        ]
        #expect(try RangeChoice.choose(used: used).description == "100.96.10.0/24")
    }

    @Test func noFreeRangeNamesWhatIsInTheWay() throws {
        let used = [UsedRange(cidr: try cidr("100.64.0.0/10"), by: "a route over tun0")]
        let error = #expect(throws: SlipwayError.self) { try RangeChoice.choose(used: used) }
        #expect(error?.code == .refused)
        #expect(error?.cause.contains("tun0") == true)
    }

    @Test func givenRangeThatOverlapsIsRefused() throws {
        let used = [UsedRange(cidr: try cidr("10.1.0.0/16"), by: "cluster other (12345678)")]
        try RangeChoice.check(try cidr("10.2.0.0/24"), used: used)
        let error = #expect(throws: SlipwayError.self) { try RangeChoice.check(try cidr("10.1.4.0/24"), used: used) }
        #expect(error?.code == .refused)
        #expect(error?.cause == "it is in use: 10.1.0.0/16 by cluster other (12345678)")
    }

    @Test func hostRangesAreReadFromReports() throws {
        let links = """
            [{},{"ifname":"eth0","addr_info":[{"local":"192.0.2.2","prefixlen":24}]},
            {"ifname":"slwaaaa","addr_info":[{"local":"100.96.8.254","prefixlen":24}]}]
            """
        let routes = """
            [{"dst":"default","gateway":"192.0.2.1","dev":"eth0"},{"dst":"192.0.2.0/24","dev":"eth0"},
            {"dst":"10.8.0.0/16","dev":"tun0"},{"dst":"172.16.0.9","dev":"tun0"},{"dst":"100.96.8.0/24","dev":"slwaaaa"}]
            """
        let used = try HostAddressing.usedRanges(links: links, routes: routes, ignoring: "slwaaaa")
        #expect(
            used == [
                UsedRange(cidr: try cidr("192.0.2.0/24"), by: "an address of eth0"),
                UsedRange(cidr: try cidr("10.8.0.0/16"), by: "a route over tun0"),
                UsedRange(cidr: try cidr("172.16.0.9/32"), by: "a route over tun0"),
            ])
        #expect(try HostAddressing.usedRanges(links: links, routes: "", ignoring: nil).contains { $0.by == "an address of slwaaaa" })
    }
}

func cidr(_ text: String) throws -> IPv4CIDR { try #require(IPv4CIDR(text)) }
