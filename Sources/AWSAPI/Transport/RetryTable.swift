/// Which errors may pass by themselves within seconds, whatever was asked for.
enum RetryTable {
    private static let throttling: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
    ]
    private static let transient: Set<String> = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "ServiceUnavailable", "OperationAborted",
        "ConditionalRequestConflict", "IDPCommunicationError",
    ]
    private static let expired: Set<String> = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"]

    /// The credentials have ended: others may be there by now.
    static func isExpired(_ error: AWSError) -> Bool { expired.contains(error.code) }

    static func isThrottling(_ error: AWSError) -> Bool { throttling.contains(error.code) }

    static func isTransient(_ error: AWSError) -> Bool {
        [500, 502, 503, 504].contains(error.status) || throttling.contains(error.code) || transient.contains(error.code)
    }
}
