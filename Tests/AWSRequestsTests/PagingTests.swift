import AWSAPI
import AWSRequests
import Testing

@Suite struct PagingTests {
    @Test func aTokenAsksForTheNextPage() {
        let first = EC2.DescribeVpcsRequest(maxResults: 5)
        #expect(first.next(after: EC2.DescribeVpcsResponse(nextToken: "t")) == EC2.DescribeVpcsRequest(maxResults: 5, nextToken: "t"))
        #expect(first.next(after: EC2.DescribeVpcsResponse()) == nil)
        #expect(first.next(after: EC2.DescribeVpcsResponse(nextToken: "")) == nil)
    }

    /// Route 53 goes on at a record, and answers a next one only where there is more.
    @Test func severalTokensAreSetTogether() {
        let first = Route53.ListResourceRecordSetsRequest(hostedZoneId: "Z", startRecordIdentifier: "old", startRecordName: "a")
        let page = Route53.ListResourceRecordSetsResponse(isTruncated: true, nextRecordName: "b", nextRecordType: "A")
        #expect(
            first.next(after: page)
                == Route53.ListResourceRecordSetsRequest(hostedZoneId: "Z", startRecordName: "b", startRecordType: "A"))
        #expect(first.next(after: Route53.ListResourceRecordSetsResponse(isTruncated: false, nextRecordName: "b")) == nil)
    }

    @Test func whatOnlyAsksSaysSo() {
        #expect(EC2.DescribeInstancesRequest.isReadOnly && KMS.DecryptRequest.isReadOnly && STS.AssumeRoleRequest.isReadOnly)
        #expect(!EC2.RunInstancesRequest.isReadOnly && !Route53.ChangeResourceRecordSetsRequest.isReadOnly)
        #expect(ELBv2.AddTagsRequest.fullName == "ELBv2.AddTags")
    }
}
