import ClusterModel
import Foundation
import Testing

@testable import AWSAPI

@Suite struct XMLTests {
    @Test func elementsTextAndReferences() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- x --><a xmlns="http://x/" b='>'><c>1 &lt; 2 &amp;&#x41;&#66;</c><d/><e x="/"></e><c><![CDATA[<&>]]></c></a>
            """
        let root = try XMLReader.read(Array(text.utf8))
        #expect(root.name == "a")
        #expect(root.all("c").map(\.text) == ["1 < 2 &AB", "<&>"])
        #expect(root.first("d")?.text == "" && root.first("e")?.children == [])
    }

    @Test(arguments: [
        "", "x", "<a>", "<a", "<a><b></a>", "<a>&x;</a>", "<a>&#xFFFFFFFF;</a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<a><b></c></a>",
        "<a>&amp", "< >", "<a><![CDATA[x</a>", String(repeating: "<a>", count: 100_000),
    ])
    func whatIsNotReadIsRefused(_ text: String) {
        #expect(throws: XMLReader.Problem.self) { try XMLReader.read(Array(text.utf8)) }
    }

    @Test func bytesAtRandomAreReadOrRefused() {
        var generator = SystemRandomNumberGenerator()
        let pieces = ["<", ">", "/", "a", "&", ";", "!", "[", "]", "-", "?", "\"", "'", " ", "CDATA", "#", "\u{0}", "é"]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...30, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            _ = try? XMLReader.read(Array(text.utf8))
        }
    }

    @Test func errorsOfS3AndOfEC2() {
        let s3 = AWSError(FakeTransport.error(404, "NoSuchBucket"))
        #expect(s3 == AWSError(status: 404, code: "NoSuchBucket", message: "no & no", requestID: "R1"))
        let text = "<Response><Errors><Error><Code>Busy</Code><Message>m</Message></Error></Errors><RequestID>R2</RequestID></Response>"
        #expect(AWSError(FakeTransport.xml(400, text)) == AWSError(status: 400, code: "Busy", message: "m", requestID: "R2"))
        let page = AWSError(FakeTransport.xml(502, "<html><body>Bad gateway", headers: [("x-amz-request-id", "R3")]))
        #expect(page.code == "HTTP502" && page.requestID == "R3")
        let error = AWSError(
            FakeTransport.xml(301, "<Error><Code>PermanentRedirect</Code></Error>", headers: [("x-amz-bucket-region", "eu-west-3")])
        ).error(doing: "x")
        #expect(error.hint?.contains("AWS_REGION=eu-west-3") == true && error.retry == .permanent)
    }

    @Test func datesOfHeaders() {
        #expect(HTTPDate.read("Sun, 06 Nov 1994 08:49:37 GMT") == Date(timeIntervalSince1970: 784_111_777))
        #expect(HTTPDate.read("yesterday") == nil)
        #expect(HTTPDate.read("Sun, 06 Xyz 1994 08:49:37 GMT") == nil)
    }
}
