public import ClusterModel
import Foundation

/// A service's no, as it said it.
public struct AWSError: Error, Sendable, Equatable, CustomStringConvertible {
    public var status: Int
    /// AWS' name for it, as `NoSuchBucket`. Made from the status when the answer holds none.
    public var code: String
    public var message: String
    public var requestID: String?
    /// The region that a bucket is in, when it is another one.
    public var region: String?
    /// What was asked for, as `EC2.RunInstances`.
    public var operation: String?
    /// The permission of the same name, as `ec2:RunInstances`.
    public var permission: String?
    /// How long it was waited for in vain, where it may pass by itself.
    public var waited: Duration?

    public init(
        status: Int, code: String, message: String, requestID: String? = nil, region: String? = nil, operation: String? = nil,
        permission: String? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.requestID = requestID
        self.region = region
        self.operation = operation
        self.permission = permission
    }

    /// Reads the XML or JSON that services answer. Anything else gives what the status says.
    init(_ answer: HTTPAnswer) {
        status = answer.status
        region = answer.header("x-amz-bucket-region")
        let headerID = answer.header("x-amz-request-id") ?? answer.header("x-amzn-requestid")
        if let root = try? XMLReader.read(answer.body) {
            // `Error` is the root, or deeper: EC2 has a list of them.
            let error = root.descendant { $0.first("Code") != nil }
            code = error?.first("Code")?.text ?? "HTTP\(answer.status)"
            message = error?.first("Message")?.text ?? Self.silence
            requestID = headerID ?? root.first("RequestId")?.text ?? root.first("RequestID")?.text
            region = region ?? error?.first("Region")?.text
            return
        }
        let value = try? JSONDecoder().decode(JSONValue.self, from: Data(answer.body))
        let type = answer.header("x-amzn-errortype") ?? value?["__type"]?.text ?? value?["code"]?.text
        code = type.flatMap(Self.code) ?? "HTTP\(answer.status)"
        message = value?["message"]?.text ?? value?["Message"]?.text ?? Self.silence
        requestID = headerID
    }

    private static let silence = "the answer says nothing more"

    /// `ParameterNotFound` of `com.amazonaws.ssm#ParameterNotFound` or of `ParameterNotFound:http://...`.
    private static func code(_ type: String) -> String? {
        let code = type.prefix { $0 != ":" }.split(separator: "#").last.map(String.init)
        return code?.isEmpty == false ? code : nil
    }

    /// The permission that is missing, when that is it.
    public var denial: AWSDenial? { AWSDenial(code: code, message: message, operation: permission) }

    /// What a dry run answers when it would have been done.
    public var isDryRunSuccess: Bool { code == "DryRunOperation" }

    /// There is no such thing: codes as `InvalidVpcID.NotFound`, `NoSuchEntity`, `LoadBalancerNotFound`.
    public var isNotFound: Bool {
        code.hasSuffix("NotFound") || code.hasSuffix("NotFoundException") || code.hasPrefix("NoSuch")
    }

    private static let encodedMark = "Encoded authorization failure message: "

    /// What EC2 says about a refusal in a form that only AWS can read.
    private var encoded: String? {
        message.range(of: Self.encodedMark).map { String(message[$0.upperBound...]) }
    }

    public var description: String {
        let text = message.split(separator: " \(Self.encodedMark)", maxSplits: 1).first.map(String.init) ?? message
        let seconds = waited.map { ", after \(Int($0 / .seconds(1))) s" } ?? ""
        return "\(text) (\(code), status \(status)" + (requestID.map { ", request \($0)" } ?? "") + "\(seconds))"
    }

    /// As an error about what was being done.
    public func error(doing: String) -> SlipwayError {
        SlipwayError(
            isFault ? .failed : .unreachable, doing: doing, cause: description, hint: denial?.hint ?? hint,
            log: encoded.map { ["aws sts decode-authorization-message --encoded-message \($0)"] } ?? [],
            retry: isTransient ? .transient : .permanent)
    }

    /// The same request may go better later.
    public var isTransient: Bool {
        RetryTable.isTransient(self) || (waited == nil && TransientRefusal.of(self) != nil)
    }

    /// What was asked for is wrong, and not who asked, or the service.
    private var isFault: Bool {
        operation != nil && (400..<500).contains(status) && denial == nil && !isTransient && !RetryTable.isExpired(self)
            && !Self.identities.contains(code)
    }

    /// Who asks is not known.
    private static let identities: Set<String> = [
        "AuthFailure", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSignatureException",
        "UnrecognizedClientException", "IncompleteSignature", "MissingAuthenticationToken", "OptInRequired", "InvalidToken",
        "RequestTimeTooSkewed", "RequestInTheFuture",
    ]

    private var hint: String? {
        switch code {
        case "AccessDenied", "HTTP403": "the credentials have no right to do this, or belong to another account"
        case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "AuthFailure", "InvalidClientTokenId",
            "UnrecognizedClientException", "InvalidSignatureException":
            "are the credentials right, and of this endpoint?"
        case "OptInRequired": "the region or the service is not enabled in this account"
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired":
            "the credentials have ended: get new ones"
        case "RequestTimeTooSkewed", "RequestInTheFuture": "this machine's clock is wrong: set it"
        case "NoSuchBucket": "make the bucket, or name another one"
        case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "HTTP301":
            region.map { "it is in another region: AWS_REGION=\($0)" } ?? "is $AWS_REGION the right one?"
        case "NotImplemented": "this endpoint does not know what is asked for; Slipway needs PutObject with If-Match and If-None-Match"
        case _ where code.hasSuffix("LimitExceeded") && !RetryTable.isThrottling(self):
            "the account's quota is used up: ask for more in Service Quotas, or remove something"
        case "InsufficientInstanceCapacity": "the zone has no room for this instance type now: try later, another type or another zone"
        default: TransientRefusal.of(self).map(\.reason)
        }
    }
}
