import Foundation

/// What a service's clock says of this machine's. Signatures hold for a few minutes, so a clock that is wrong makes every
/// request wrong; the service's own date mends it.
enum ClockSkew {
    /// Said of nothing but times.
    private static let certain: Set<String> = ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"]
    /// Said of wrong times, too.
    private static let possible: Set<String> = ["InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"]
    /// What services let pass.
    private static let tolerance: TimeInterval = 240

    /// Seconds to add to this machine's clock; nil when it is not its fault.
    /// - Parameter time: that of the refused request.
    static func correction(_ error: AWSError, _ answer: HTTPAnswer, signed time: Date, now: Date) -> TimeInterval? {
        guard certain.contains(error.code) || possible.contains(error.code), let date = answer.header("date").flatMap(HTTPDate.read),
            abs(date.timeIntervalSince(time)) > tolerance
        else { return nil }
        return date.timeIntervalSince(now)
    }
}
