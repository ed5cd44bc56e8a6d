import ClusterModel
import Foundation
import Testing

@Suite struct IPv4Tests {
    @Test(arguments: ["0.0.0.0", "10.0.0.1", "255.255.255.255", "192.168.1.20"]) func readsAddresses(_ text: String) {
        #expect(IPv4Address(text)?.description == text)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.", "1..2.3", "a.b.c.d", " 1.2.3.4", "1.2.3.4 ", "+1.2.3.4", "-1.2.3.4",
        "1.2.3.٤",
        "1.2.3.4/32", "999999999999999999999.1.1.1",
    ]) func refusesAddresses(_ text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test func ordersByNumber() throws {
        let nine = try #require(IPv4Address("9.255.255.255"))
        let ten = try #require(IPv4Address("10.0.0.0"))
        #expect(nine < ten)
        #expect(ten.rawValue == 0x0A00_0000)
    }

    @Test(arguments: ["0.0.0.0/0", "10.0.0.0/8", "10.244.0.0/16", "1.2.3.4/32", "128.0.0.0/1"]) func readsRanges(_ text: String) {
        #expect(IPv4CIDR(text)?.description == text)
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "/8", "10.0.0.0/008",
        "10.0.0.0/ 8",
    ])
    func refusesRanges(_ text: String) {
        #expect(IPv4CIDR(text) == nil)
    }

    @Test func boundsOfRanges() throws {
        let range = try #require(IPv4CIDR("10.1.0.0/23"))
        #expect(range.count == 512)
        #expect(range.last.description == "10.1.1.255")
        #expect(range.address(at: 0)?.description == "10.1.0.0")
        #expect(range.address(at: 511)?.description == "10.1.1.255")
        #expect(range.address(at: 512) == nil)
        #expect(range.address(at: -1) == nil)
        let all = try #require(IPv4CIDR("0.0.0.0/0"))
        #expect(all.count == 1 << 32)
        #expect(all.last.description == "255.255.255.255")
        #expect(all.address(at: (1 << 32) - 1)?.description == "255.255.255.255")
    }

    @Test func containsAndOverlaps() throws {
        let wide = try #require(IPv4CIDR("10.0.0.0/8"))
        let narrow = try #require(IPv4CIDR("10.255.0.0/16"))
        let other = try #require(IPv4CIDR("11.0.0.0/8"))
        #expect(wide.contains(narrow))
        #expect(!narrow.contains(wide))
        #expect(wide.overlaps(narrow))
        #expect(narrow.overlaps(wide))
        #expect(!wide.overlaps(other))
        #expect(wide.contains(wide))
        #expect(try wide.contains(#require(IPv4Address("10.255.255.255"))))
        #expect(try !wide.contains(#require(IPv4Address("11.0.0.0"))))
    }

    @Test func dividesIntoSubranges() throws {
        let range = try #require(IPv4CIDR("10.244.0.0/16"))
        #expect(range.subrange(prefix: 24, at: 0)?.description == "10.244.0.0/24")
        #expect(range.subrange(prefix: 24, at: 255)?.description == "10.244.255.0/24")
        #expect(range.subrange(prefix: 24, at: 256) == nil)
        #expect(range.subrange(prefix: 24, at: -1) == nil)
        #expect(range.subrange(prefix: 15, at: 0) == nil)
        #expect(range.subrange(prefix: 33, at: 0) == nil)
        #expect(range.subrange(prefix: 16, at: 0) == range)
        #expect(IPv4CIDR("0.0.0.0/0")?.subrange(prefix: 32, at: (1 << 32) - 1)?.description == "255.255.255.255/32")
    }

    @Test func isTextInJSON() throws {
        let range = try #require(IPv4CIDR("10.0.0.0/8"))
        let data = try JSONEncoder().encode([range])
        #expect(try JSONDecoder().decode([String].self, from: data) == ["10.0.0.0/8"])
        #expect(try JSONDecoder().decode([IPv4CIDR].self, from: data) == [range])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([IPv4CIDR].self, from: Data(#"["10.0.0.1/8"]"#.utf8)) }
    }
}
